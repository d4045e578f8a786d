"""Payments out: one file, neutral words, paid by the bank's own line, and back if it comes back."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from sqlalchemy import select, text

from tests.builders.bank import line_saying, make_statement, sound
from tests.builders.dues import balance, make_payer
from tests.builders.ledger import (
    acting_as,
    make_books,
    make_person_as,
    make_receipt,
    make_voucher,
)
from union.bank.errors import (
    BatchOpenError,
    BatchSentError,
    ChangedMeanwhileError,
    ItemSettledError,
    NothingToPayError,
    SameHandError,
)
from union.bank.models import BankBatchItem, BankPayee
from union.bank.queries.lines import undecided
from union.bank.queries.out import batch_view, payable_vouchers
from union.bank.queries.payees import payee_of
from union.bank.queries.proposals import proposed_for
from union.bank.queries.reconciliation import reconciliation
from union.bank.queries.tables import bank_account
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import Kind
from union.bank.services import (
    NewPayee,
    answer_refusal,
    confirm_payee,
    decide_line,
    make_batch,
    mark_sent,
    paying,
    say_refused,
    set_payee,
    take_out_item,
)
from union.bank.services.paying import file_of
from union.kernel.actor import Role
from union.kernel.periods import Month
from union.ledger.models import JournalEntry
from union.ledger.services import approve_voucher, pay_voucher, withdraw_voucher

HELD = 500000


@pytest.fixture
def signers(work):
    make_books(work)
    make_receipt(work, HELD, fund="welfare", happened_on=date(2026, 9, 1))
    return make_person_as(work, Role.TREASURER), make_person_as(work, Role.SIGNATORY)


def approved(work, signers, amount: int, *, details=True):
    """A voucher two people approved, and where its money goes."""
    payee = make_payer(work).person_id
    made = make_voucher(work, payee, amount_minor=amount)
    for actor in signers:
        with acting_as(work, actor):
            approve_voucher(work, made.ref, made.content_hash)
    if details:
        write_payee(work, signers, payee, f"5010000{amount:07d}")
    return made


def write_payee(work, signers, person_id: int, number: str) -> BankPayee:
    treasurer, signatory = signers
    with acting_as(work, treasurer):
        written = set_payee(
            work, NewPayee(person_id, name="Somebody", number=number, ifsc="HDFC0000412")
        )
    with acting_as(work, signatory):
        return confirm_payee(work, written.ref)


def items(work, batch) -> list[BankBatchItem]:
    return [one.item for one in batch_view(work.session, batch.ref).items]


def states(work, batch) -> dict[int, str]:
    view = batch_view(work.session, batch.ref)
    return {one.item.amount_minor: one.state for one in view.items}


def refuse(work, signers, item) -> None:
    """The bank refused it: one says so, another confirms it."""
    first, second = signers
    with acting_as(work, first):
        said = say_refused(work, item.ref)
    with acting_as(work, second):
        answer_refusal(work, said.ref, agreed=True)


def bring(work, signers, *lines, opening=HELD):
    with acting_as(work, signers[0]):
        return make_statement(work, *lines, opening_minor=opening)


def test_the_order_is_drawn_by_lot_and_nothing_says_what_for(work, signers, monkeypatch):
    vouchers = [approved(work, signers, amount) for amount in (10001, 10002, 10003)]
    monkeypatch.setattr(paying, "_LOT", Turned())
    batch = make_batch(work, [one.ref for one in vouchers])
    assert [one.amount_minor for one in items(work, batch)] == [10003, 10002, 10001]
    with pytest.raises(BatchOpenError):
        file_of(work, batch_view(work.session, batch.ref))
    mark_sent(work, batch.ref)
    content = file_of(work, batch_view(work.session, batch.ref)).decode()
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["Amount"] for row in rows] == ["100.03", "100.02", "100.01"]
    assert {row["Remarks"].split()[0] for row in rows} == {"Payment"}
    assert len({row["Reference"] for row in rows}) == 3


class Turned:
    """A lot that always turns the order round."""

    def shuffle(self, held) -> None:
        held.reverse()


def test_each_payment_is_booked_by_its_own_line_and_the_rest_waits(work, signers):
    vouchers = [approved(work, signers, amount) for amount in (10001, 10002)]
    batch = make_batch(work, [one.ref for one in vouchers])
    mark_sent(work, batch.ref)
    code = items(work, batch)[0].code
    first = items(work, batch)[0].amount_minor
    outcome = bring(work, signers, ("08/10/2026", f"NEFT DR-{code}-HDFC", -first))
    assert outcome.booked == 1
    assert states(work, batch)[first] == "paid"
    assert sorted(states(work, batch).values()) == ["paid", "waiting"]
    assert balance(work, "5010") == first
    sound(work)


def test_a_file_debited_in_one_sum_pays_all_of_it(work, signers):
    vouchers = [approved(work, signers, amount) for amount in (10001, 10002)]
    batch = make_batch(work, [one.ref for one in vouchers])
    outcome = bring(work, signers, ("08/10/2026", f"BULK {batch.code}", -20003))
    assert outcome.booked == 1
    assert set(states(work, batch).values()) == {"paid"}
    found = reconciliation(work.session, bank_account(work.session), date(2026, 10, 31))
    assert found.difference_minor == 0
    assert found.not_in_book == []
    sound(work)


def test_a_payment_that_comes_back_is_taken_back_and_both_lines_stand(work, signers):
    voucher = approved(work, signers, 10001)
    batch = make_batch(work, [voucher.ref])
    (item,) = items(work, batch)
    gone = ("08/10/2026", f"NEFT DR-{item.code}", -10001)
    back = ("10/10/2026", f"NEFT RETURN-{item.code}-ACCOUNT CLOSED", 10001)
    outcome = bring(work, signers, gone)
    assert outcome.booked == 1
    outcome = bring(work, signers, gone, back)
    assert (outcome.fresh, outcome.booked) == (1, 1)
    assert not line_saying(work, "NEFT DR-").waits
    assert not line_saying(work, "RETURN").waits
    assert undecided(work.session, Month(2026, 10)) == []
    assert states(work, batch) == {10001: "returned"}
    assert (balance(work, "5010"), balance(work, "1110")) == (0, HELD)
    found = reconciliation(work.session, bank_account(work.session), date(2026, 10, 31))
    assert (found.difference_minor, found.agrees) == (0, True)
    sound(work)
    with acting_as(work, signers[0]):
        withdraw_voucher(work, voucher.ref)


def test_what_was_paid_by_hand_and_came_back_is_proposed(work, signers):
    voucher = approved(work, signers, 10001, details=False)
    with acting_as(work, signers[0]):
        pay_voucher(work, voucher.ref, date(2026, 10, 7))
    gone, back = ("08/10/2026", "CHQ 7", -10001), ("12/10/2026", "CHQ RETURN 7", 10001)
    outcome = bring(work, signers, gone, back)
    assert (outcome.booked, outcome.proposed) == (0, 2)
    for words, kind in (("CHQ 7", Kind.BOOKED), ("RETURN", Kind.RETURNED)):
        view = line_saying(work, words)
        chosen = proposed_for(work, view).judgement.best
        assert chosen.kind is kind
        with acting_as(work, signers[0]):
            decide_line(work, view.line.ref, Choice.of(chosen))
    assert (balance(work, "5010"), balance(work, "1110")) == (0, HELD)
    assert undecided(work.session, Month(2026, 10)) == []
    sound(work)


def test_what_the_bank_refused_may_go_into_another_file(work, signers):
    voucher = approved(work, signers, 10001)
    batch = make_batch(work, [voucher.ref])
    with pytest.raises(NothingToPayError):
        make_batch(work, [voucher.ref])
    (item,) = items(work, batch)
    with acting_as(work, signers[0]), pytest.raises(BatchOpenError):
        say_refused(work, item.ref)
    mark_sent(work, batch.ref)
    with pytest.raises(BatchSentError):
        take_out_item(work, item.ref)
    refuse(work, signers, item)
    assert states(work, batch) == {10001: "failed"}
    assert b"100.01" not in file_of(work, batch_view(work.session, batch.ref))
    again = make_batch(work, [voucher.ref])
    assert again.code != batch.code
    (fresh,) = items(work, again)
    take_out_item(work, fresh.ref)
    assert states(work, again) == {10001: "taken_out"}
    with acting_as(work, signers[0]), pytest.raises(ItemSettledError):
        say_refused(work, fresh.ref)
    sound(work)


def test_what_is_paid_has_not_failed(work, signers):
    voucher = approved(work, signers, 10001)
    batch = make_batch(work, [voucher.ref])
    (item,) = items(work, batch)
    bring(work, signers, ("08/10/2026", f"NEFT DR-{item.code}", -10001))
    with acting_as(work, signers[0]), pytest.raises(ItemSettledError):
        say_refused(work, item.ref)
    paid = select(JournalEntry).where(JournalEntry.voucher_id == voucher.id)
    assert work.session.scalars(paid).one().posted_on == date(2026, 10, 8)


def test_without_confirmed_details_nothing_goes(work, signers):
    voucher = approved(work, signers, 10001, details=False)
    with pytest.raises(NothingToPayError):
        make_batch(work, [voucher.ref])
    treasurer, signatory = signers
    given = NewPayee(voucher.payee_person_id, "Somebody", address="some@oksample")
    with acting_as(work, treasurer):
        written = set_payee(work, given)
        assert set_payee(work, given) is written
        with pytest.raises(SameHandError):
            confirm_payee(work, written.ref)
        newer = set_payee(
            work, NewPayee(voucher.payee_person_id, "Other", address="other@oksample")
        )
    with acting_as(work, signatory):
        with pytest.raises(ChangedMeanwhileError):
            confirm_payee(work, written.ref)
        confirm_payee(work, newer.ref)
    (ready,) = payable_vouchers(work.session, bank_account(work.session))
    assert ready.ready
    assert payee_of(work, voucher.payee_person_id).details.name == "Other"


def test_details_are_closed_under_her_key_and_one_account_behind_two_is_seen(work, signers):
    people = [make_payer(work).person_id for _ in range(2)]
    for person_id in people:
        write_payee(work, signers, person_id, "501000000412")
    assert payee_of(work, people[0]).others == 1
    rows = "\n".join(work.session.scalars(text("SELECT bank_payee::text FROM bank_payee")))
    assert "501000000412" not in rows
    assert "Somebody" not in rows
