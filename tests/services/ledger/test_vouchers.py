from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.builders.ledger import (
    acting_as,
    make_approved_voucher,
    make_books,
    make_mistake,
    make_person_as,
    make_receipt,
    make_voucher,
)
from union.infra.audit import AuditEntry
from union.infra.outbox import Outbox
from union.infra.people import new_person
from union.kernel.actor import Role
from union.kernel.errors import NotFoundError
from union.kernel.periods import Month
from union.ledger.errors import AmountNotPositiveError, SourceReusedError, VoucherSettledError
from union.ledger.models import VoucherText
from union.ledger.queries import live_vouchers, settled_vouchers, voucher_view, voucher_words
from union.ledger.rules import Source, VoucherState
from union.ledger.services import (
    approve_voucher,
    close_month,
    pay_voucher,
    reverse_entry,
    withdraw_voucher,
)

CLAIM = Source("claim", 17)


@pytest.fixture
def books(work):
    make_books(work)
    make_receipt(work, 900_000, fund="welfare")


def facts(work):
    return [
        (row.fact, sorted(row.ids))
        for row in work.session.scalars(select(Outbox).order_by(Outbox.id))
    ]


def test_a_voucher_is_prepared_once_for_its_source(work, books):
    payee = new_person(work).id
    first = make_voucher(work, payee, source=CLAIM)
    assert make_voucher(work, payee, source=CLAIM).id == first.id
    assert len(first.content_hash) == 32
    with pytest.raises(SourceReusedError):
        make_voucher(work, payee, source=CLAIM, amount_minor=1)


def test_after_it_was_taken_back_its_source_may_have_another(work, books):
    payee = new_person(work).id
    first = make_voucher(work, payee, source=CLAIM)
    withdraw_voucher(work, first.ref)
    second = make_voucher(work, payee, source=CLAIM)
    assert second.id != first.id
    assert [view.voucher.id for view in live_vouchers(work)] == [second.id]
    with pytest.raises(VoucherSettledError):
        withdraw_voucher(work, first.ref)


def test_after_the_bank_sent_the_money_back_a_new_voucher_may_pay_it(work, books):
    payee = new_person(work).id
    first = make_approved_voucher(work, payee_person_id=payee, source=CLAIM)
    with acting_as(work, make_person_as(work, Role.TREASURER)):
        paid = pay_voucher(work, first.ref)
        assert not voucher_view(work, first.ref).may_withdraw
        reverse_entry(work, paid.id)
        view = voucher_view(work, first.ref)
        assert (view.state, view.may_withdraw, view.may_pay) == ("returned", True, False)
        withdraw_voucher(work, first.ref)
    second = make_approved_voucher(work, payee_person_id=payee, source=CLAIM)
    with acting_as(work, make_person_as(work, Role.TREASURER)):
        assert pay_voucher(work, second.ref).id != paid.id
        assert voucher_view(work, second.ref).held_minor == 850_000


@pytest.mark.parametrize("amount_minor", [0, -5])
def test_a_voucher_is_for_more_than_nothing(work, books, amount_minor):
    with pytest.raises(AmountNotPositiveError):
        make_voucher(work, amount_minor=amount_minor)


def test_a_voucher_nobody_has_is_not_found(work, books):
    with acting_as(work, make_person_as(work, Role.TREASURER)), pytest.raises(NotFoundError):
        approve_voucher(work, "nothere", b"")


def test_its_way_is_told_to_others_by_id_and_kept_in_the_log(work, books):
    voucher = make_approved_voucher(work)
    with acting_as(work, make_person_as(work, Role.TREASURER)) as treasurer:
        entry = pay_voucher(treasurer, voucher.ref)
        assert pay_voucher(treasurer, voucher.ref).id == entry.id
    assert facts(work) == [
        ("voucher_prepared", ["voucher_id"]),
        ("voucher_approved", ["voucher_id"]),
        ("voucher_paid", ["entry_id", "voucher_id"]),
    ]
    actions = work.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["voucher_approved", "voucher_approved", "voucher_paid"]


def test_what_each_may_do_with_it_now(work, books):
    voucher = make_approved_voucher(work)
    for role, may_pay in ((Role.TREASURER, True), (Role.SIGNATORY, False), (Role.TRUSTEE, False)):
        with acting_as(work, make_person_as(work, role)):
            view = voucher_view(work, voucher.ref)
            assert (view.state, view.may_pay) == (VoucherState.APPROVED, may_pay)
            assert not view.may_approve
            assert view.may_withdraw is (role is not Role.TRUSTEE)


def test_words_lie_under_the_payees_key(work, books):
    payee = new_person(work)
    voucher = make_voucher(work, payee.id, note="letter of the clinic")
    beside = work.session.get_one(VoucherText, voucher.id)
    assert beside.key_ref == payee.key_ref
    assert b"clinic" not in beside.body
    assert voucher_words(work, voucher) is None
    with acting_as(work, make_person_as(work, Role.TREASURER)):
        assert voucher_words(work, voucher) == "letter of the clinic"
        work.vault.destroy_key(payee.key_ref)
        assert voucher_words(work, voucher) is None


def test_settled_ones_are_listed_apart(work, books):
    paid, taken_back, live = make_approved_voucher(work), make_voucher(work), make_voucher(work)
    with acting_as(work, make_person_as(work, Role.TREASURER)):
        pay_voucher(work, paid.ref)
    withdraw_voucher(work, taken_back.ref)
    settled = [(view.voucher.id, view.state) for view in settled_vouchers(work)]
    assert settled == [(taken_back.id, "withdrawn"), (paid.id, "paid")]
    assert [view.voucher.id for view in live_vouchers(work)] == [live.id]


@pytest.mark.parametrize(
    ("closed", "taken_back_on"), [(False, date(2026, 10, 31)), (True, date(2026, 11, 3))]
)
def test_a_payment_booked_by_mistake_is_taken_back_in_its_own_month_while_that_is_open(
    work, clock, closed, taken_back_on
):
    make_books(work, Month(2026, 10))
    make_receipt(work, 900_000, fund="welfare")
    voucher = make_approved_voucher(work)
    treasurer = make_person_as(work, Role.TREASURER)
    with acting_as(work, treasurer):
        paid = pay_voucher(work, voucher.ref, date(2026, 10, 14))
    clock.move_to(datetime(2026, 11, 3, 6, tzinfo=UTC))
    if closed:
        with acting_as(work, treasurer):
            close_month(work, Month(2026, 10), {})
    assert make_mistake(work, paid).posted_on == taken_back_on
