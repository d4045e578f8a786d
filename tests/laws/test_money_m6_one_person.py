"""M6: entries of the register that were joined are one person to every law of vouchers."""

from __future__ import annotations

from itertools import count

import pytest

from tests.builders.ledger import acting_as
from tests.builders.members import make_member
from tests.laws.money import post, refused
from union.bank.errors import ItemUnfitError, NothingToPayError, SameHandError
from union.bank.services import NewPayee, confirm_payee, make_batch, mark_sent, set_payee
from union.bank.services.upi import confirm_address, set_address
from union.infra.people import new_person
from union.kernel.actor import Actor, Grant, Role
from union.ledger.errors import ApprovedTwiceError, PayeeApprovesError, VoucherNotApprovedError
from union.ledger.models import Voucher
from union.ledger.queries import voucher_view
from union.ledger.rules import AccountCode, FundCode, NewVoucher, Source
from union.ledger.services import approve_voucher, pay_voucher, prepare_voucher
from union.members.services.pairs import merge_members

APPROVE = """INSERT INTO voucher_approval (voucher_id, person_id, payee_person_id, content_hash,
                                           approved_at)
             SELECT id, %s, payee_person_id, content_hash, '2026-10-16T00:00:00Z'
               FROM voucher WHERE id = %s"""
WRITE = """INSERT INTO bank_payee (ref, person_id, key_ref, details, number_index, made_at, made_by)
           VALUES (substr(md5(random()::text), 1, 12), %s, gen_random_uuid(), 'x', 'x',
                   '2026-10-16', %s) RETURNING id"""
CONFIRM = "UPDATE {} SET confirmed_at = '2026-10-16', confirmed_by = %s WHERE id = %s"
ADDRESS = """INSERT INTO bank_address (ref, account_id, address, payee_name, made_at, made_by)
             SELECT substr(md5(random()::text), 1, 12), id, 'one@upi', 'x', '2026-10-16', %s
               FROM bank_account RETURNING id"""
SEND = "UPDATE bank_batch SET sent_at = '2026-10-16T00:00:00Z' WHERE id = %s"
_sources = count(77_000)


@pytest.fixture
def twice(books) -> tuple[int, int]:
    """Two entries of the register that will turn out to be one woman."""
    with books.work() as work:
        return make_member(work).person_id, make_member(work).person_id


def signing(person_id: int) -> Actor:
    return Actor(person_id, None, frozenset({Grant(Role.SIGNATORY)}))


def join(books, kept: int, gone: int) -> None:
    with books.work() as work:
        merge_members(work, kept, gone)


def given(books, payee: int, *approvers: int) -> Voucher:
    with books.work() as work:
        made = prepare_voucher(
            work,
            NewVoucher(
                fund=FundCode.WELFARE,
                money_account=AccountCode.BANK,
                spend_account=AccountCode.WELFARE_PAYMENTS,
                payee_person_id=payee,
                amount_minor=50000,
                source=Source("test_claim", next(_sources)),
            ),
        )
        for one in approvers:
            with acting_as(work, signing(one)):
                approve_voucher(work, made.ref, made.content_hash)
    return made


def pay(books, made: Voucher) -> None:
    with books.attack() as cursor:
        post(
            cursor,
            "payment",
            ("5010", "welfare", 50000),
            ("1110", "welfare", -50000),
            source_kind="voucher",
            source_id=made.id,
            voucher=made.id,
        )


def test_one_woman_does_not_sign_twice_under_two_entries(books, twice):
    kept, gone = twice
    join(books, kept, gone)
    made = given(books, books.payee, kept)
    with refused("ledger_m6_one_person_signs_once"), books.attack() as cursor:
        cursor.execute(APPROVE, [gone, made.id])
    with pytest.raises(ApprovedTwiceError), books.work(signing(gone)) as work:
        approve_voucher(work, made.ref, made.content_hash)
    with books.work(signing(gone)) as work:
        assert not voucher_view(work, made.ref).may_approve


def test_she_does_not_sign_for_her_other_entry(books, twice):
    kept, gone = twice
    join(books, kept, gone)
    made = given(books, gone)
    with refused("ledger_m6_payee_signs_nothing"), books.attack() as cursor:
        cursor.execute(APPROVE, [kept, made.id])
    with pytest.raises(PayeeApprovesError), books.work(signing(kept)) as work:
        approve_voucher(work, made.ref, made.content_hash)


@pytest.mark.parametrize("who", ["both signed", "signed and is paid"])
def test_entries_joined_after_the_signatures_pay_nothing_until_another_signs(books, twice, who):
    kept, gone = twice
    payee = books.payee if who == "both signed" else gone
    second = gone if who == "both signed" else books.signatory.person_id
    made = given(books, payee, kept, second)
    join(books, kept, gone)
    with refused("ledger_m6_two_approvals"):
        pay(books, made)
    with pytest.raises(VoucherNotApprovedError), books.work(books.treasurer) as work:
        pay_voucher(work, made.ref)
    with books.work(books.treasurer) as work:
        view = voucher_view(work, made.ref)
        assert (view.state, view.hands, len(view.approvals)) == ("waiting", 1, 2)
        assert view.may_approve
        approve_voucher(work, made.ref, made.content_hash)
    with books.work(books.treasurer) as work:
        pay_voucher(work, made.ref)


def test_entries_joined_over_three_steps_are_one_too(books, twice):
    kept, gone = twice
    with books.work() as work:
        last = make_member(work).person_id
    made = given(books, books.payee, gone, last)
    join(books, kept, gone)
    join(books, last, kept)
    with refused("ledger_m6_two_approvals"):
        pay(books, made)


def details_of(books, payee: int, writer: int, confirmer: int) -> None:
    with books.attack() as cursor:
        cursor.execute(WRITE, [payee, writer])
        number = cursor.fetchone()[0]
    with books.attack() as cursor:
        cursor.execute(CONFIRM.format("bank_payee"), [confirmer, number])


def test_details_written_by_nobody_or_by_whose_money_it_is(books, twice):
    kept, gone = twice
    join(books, kept, gone)
    with refused("bank_payee_two_hands_check"):
        details_of(books, kept, None, books.treasurer.person_id)
    for owner, writer in ((kept, kept), (gone, kept), (kept, gone)):
        with refused("bank_payee_not_payee_check"):
            details_of(books, owner, writer, books.treasurer.person_id)
        with pytest.raises(SameHandError), books.work(signing(writer)) as work:
            set_payee(work, NewPayee(owner, "She", address="she@oksample"))
    with refused("bank_payee_not_payee_check"):
        details_of(books, gone, books.treasurer.person_id, kept)
    with refused("bank_payee_two_hands_check"):
        details_of(books, books.payee, gone, kept)
    with pytest.raises(SameHandError), books.work() as work:
        set_payee(work, NewPayee(books.payee, "She", address="she@oksample"))


def test_where_members_pay_is_written_and_confirmed_by_two_people(books, twice):
    kept, gone = twice
    join(books, kept, gone)
    with refused("bank_address_two_hands_check"), books.attack() as cursor:
        cursor.execute(ADDRESS, [None])
    with books.attack() as cursor:
        cursor.execute(ADDRESS, [kept])
        number = cursor.fetchone()[0]
    with refused("bank_address_two_hands_check"), books.attack() as cursor:
        cursor.execute(CONFIRM.format("bank_address"), [gone, number])
    with pytest.raises(SameHandError), books.work() as work:
        set_address(work, "notebook@oksample", "Notebook")
    with books.work(signing(kept)) as work:
        ref = set_address(work, "notebook@oksample", "Notebook").ref
    with pytest.raises(SameHandError), books.work(signing(gone)) as work:
        confirm_address(work, ref)


def test_hands_joined_after_the_file_was_made_do_not_let_it_go(books, twice):
    kept, gone = twice
    with books.work() as work:
        payee = new_person(work).id
    made = given(books, payee, kept, gone)
    with books.work(books.treasurer) as work:
        details = set_payee(work, NewPayee(payee, "She", address="she@oksample")).ref
    with books.work(books.signatory) as work:
        confirm_payee(work, details)
    with books.work(books.treasurer) as work:
        batch = make_batch(work, [made.ref])
    join(books, kept, gone)
    with refused("bank_m6_item_is_approved"), books.attack() as cursor:
        cursor.execute(SEND, [batch.id])
    with pytest.raises(ItemUnfitError), books.work(books.treasurer) as work:
        mark_sent(work, batch.ref)
    with pytest.raises(NothingToPayError), books.work(books.treasurer) as work:
        make_batch(work, [made.ref])


def test_details_changed_after_the_file_was_made_do_not_let_it_go(books):
    with books.work() as work:
        payee = new_person(work).id
    made = given(books, payee, books.treasurer.person_id, books.signatory.person_id)
    with books.work(books.treasurer) as work:
        details = set_payee(work, NewPayee(payee, "She", address="she@oksample")).ref
    with books.work(books.signatory) as work:
        confirm_payee(work, details)
    with books.work(books.treasurer) as work:
        batch = make_batch(work, [made.ref])
        set_payee(work, NewPayee(payee, "She", address="other@oksample"))
    with refused("bank_m6_payee_is_confirmed"), books.attack() as cursor:
        cursor.execute(SEND, [batch.id])
