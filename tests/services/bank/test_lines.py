"""Lines decided: to the paisa, once, and decided anew where that was wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.builders.bank import line_saying, make_statement, proof, sound
from tests.builders.dues import balance, make_payer
from tests.builders.ledger import acting_as, make_person_as, make_receipt, make_voucher
from union.bank.errors import (
    ChoiceGoneError,
    DecisionUnfitError,
    LineDecidedError,
)
from union.bank.models import BankDecision
from union.bank.queries.lines import decisions_of, held_lines, line_view, undecided
from union.bank.queries.proposals import all_waiting
from union.bank.queries.tables import bank_account
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import Kind
from union.bank.services import (
    confirm_word,
    decide_line,
    let_line_wait,
    reopen_line,
    say_line,
)
from union.dues.queries.accounts import account_of
from union.kernel.actor import Role
from union.kernel.periods import Month
from union.ledger.models import JournalEntry
from union.ledger.services import (
    answer_mistake,
    approve_voucher,
    open_books,
    reverse_entry,
    say_mistake,
)

OCTOBER = Month(2026, 10)
FEE = ("05/10/2026", "UPI/CR/562731904417/union fee", 4000)


def test_waiting_money_stands_on_the_account_that_must_clear_and_leaves_it_whole(work):
    rani = make_payer(work)
    make_statement(work, FEE)
    assert (balance(work, "1110"), balance(work, "2190")) == (4000, -4000)
    assert [one.amount_minor for one in undecided(work.session, OCTOBER)] == [4000]
    decide_line(
        work, line_saying(work, "fee").line.ref, Choice(Kind.DUES, person_id=rani.person_id)
    )
    assert (balance(work, "1110"), balance(work, "2190")) == (4000, 0)
    assert undecided(work.session, OCTOBER) == []
    assert account_of(work.session, rani.person_id).credit_minor == 4000
    assert proof(work).agrees
    sound(work)


@pytest.mark.parametrize(
    ("kind", "account", "amount"),
    [
        (Kind.GIFT, "4110", -4000),
        (Kind.INTEREST, "4120", -4000),
        (Kind.OTHER_INCOME, "4190", -4000),
        (Kind.HELD, "2220", -4000),
        (Kind.PAYOUT, "1120", -4000),
    ],
)
def test_each_kind_goes_to_its_account_and_can_be_decided_anew(work, kind, account, amount):
    make_statement(work, FEE)
    ref = line_saying(work, "fee").line.ref
    decide_line(work, ref, Choice(kind))
    assert balance(work, account) == amount
    with pytest.raises(LineDecidedError):
        decide_line(work, ref, Choice(Kind.GIFT))
    reopen_line(work, ref)
    assert (balance(work, account), balance(work, "1110"), balance(work, "2190")) == (
        0,
        4000,
        -4000,
    )
    assert line_view(work, ref).waits
    sound(work)
    decide_line(work, ref, Choice(Kind.GIFT))
    assert balance(work, "1110") == 4000
    assert len(decisions_of(work, line_saying(work, "fee").line)) == 2
    assert proof(work).agrees
    sound(work)


@pytest.mark.parametrize(("kind", "account"), [(Kind.CHARGE, "5210"), (Kind.CARD_FEE, "5220")])
def test_what_went_is_booked_from_its_line(work, kind, account):
    make_receipt_in_bank(work)
    make_statement(work, ("07/10/2026", "CHQ 12", -12500), opening_minor=500000)
    decide_line(work, line_saying(work, "CHQ").line.ref, Choice(kind))
    assert balance(work, account) == 12500
    assert balance(work, "1190") == 0
    sound(work)


def make_receipt_in_bank(work, amount=500000, **fields):
    open_books(work)
    make_receipt(work, amount, happened_on=date(2026, 9, 1), **fields)


def test_a_line_cannot_be_what_its_side_forbids(work):
    make_statement(work, FEE, ("07/10/2026", "CHQ 12", -125000))
    for words, kind in (("fee", Kind.CHARGE), ("CHQ", Kind.GIFT), ("fee", Kind.CARRIED)):
        with pytest.raises(DecisionUnfitError):
            decide_line(work, line_saying(work, words).line.ref, Choice(kind))


def test_what_is_let_wait_comes_back_with_the_next_month(work, clock):
    make_statement(work, ("07/10/2026", "CHQ 12", -125000))
    ref = line_saying(work, "CHQ").line.ref
    carried = Choice(Kind.CARRIED, until=OCTOBER, note="her voucher is being signed")
    decide_line(work, ref, carried)
    assert undecided(work.session, OCTOBER) == []
    assert len(undecided(work.session, OCTOBER.next())) == 1
    assert decisions_of(work, line_saying(work, "CHQ").line)[0].note == carried.note
    assert proof(work).not_in_book[0].carried
    with acting_as(work, make_person_as(work, Role.TREASURER)):
        word = say_line(work, ref, Choice(Kind.CHARGE))
    with acting_as(work, make_person_as(work, Role.SIGNATORY)):
        confirm_word(work, word.ref)
    assert proof(work).not_in_book == []
    sound(work)


def test_a_booking_taken_back_lets_its_line_wait_again(work, clock):
    rani, sita = make_payer(work), make_payer(work)
    make_statement(work, FEE)
    ref = line_saying(work, "fee").line.ref
    decide_line(work, ref, Choice(Kind.GIFT))
    entry = work.session.scalar(
        select(JournalEntry.id).where(JournalEntry.source_kind == "bank_decision")
    )
    clock.move_to(datetime(2026, 11, 2, 6, tzinfo=UTC))
    let_line_wait(work, {"entry_id": reverse_entry(work, entry).reverses_id})
    assert [one.ref for one in undecided(work.session, OCTOBER)] == [ref]
    decide_line(work, ref, Choice(Kind.DUES, person_id=sita.person_id))
    assert account_of(work.session, sita.person_id).credit_minor == 4000
    assert account_of(work.session, rani.person_id).credit_minor == 0
    assert [proof(work, on).difference_minor for on in (OCTOBER.last_day, clock.today())] == [0, 0]
    sound(work)


def test_a_payment_booked_anew_stands_beside_its_mistake_until_that_is_taken_back(work, clock):
    make_receipt_in_bank(work, fund="welfare")
    made, treasurer = approved_voucher(work)
    make_statement(work, ("07/10/2026", "CHQ 1", -50000), opening_minor=500000)
    ref = line_saying(work, "CHQ 1").line.ref
    chosen = Choice(Kind.VOUCHER, target_id=made.id)
    with acting_as(work, treasurer):
        decide_line(work, ref, chosen)
        entry = work.session.scalar(select(JournalEntry).where(JournalEntry.voucher_id == made.id))
        clock.move_to(datetime(2026, 11, 2, 6, tzinfo=UTC))
        mistake = say_mistake(work, made.ref, "the wrong line")
    with acting_as(work, make_person_as(work, Role.SIGNATORY)):
        answer_mistake(work, mistake.ref, agreed=True)
    let_line_wait(work, {"entry_id": entry.id})
    with acting_as(work, treasurer):
        decide_line(work, ref, chosen)
    meanwhile, october = proof(work, date(2026, 10, 30)), proof(work)
    assert [one.amount_minor for one in meanwhile.not_in_bank] == [-50000]
    assert (meanwhile.difference_minor, october.difference_minor) == (0, 0)
    assert october.not_in_bank == []
    sound(work)


def approved_voucher(work, *, payee=None, amount=50000):
    signers = [make_person_as(work, Role.TREASURER), make_person_as(work, Role.SIGNATORY)]
    made = make_voucher(work, payee, amount_minor=amount)
    for actor in signers:
        with acting_as(work, actor):
            approve_voucher(work, made.ref, made.content_hash)
    return made, signers[0]


def test_a_voucher_is_paid_by_the_line_that_names_its_payee_if_a_treasurer_brings_it(work):
    make_receipt_in_bank(work, fund="welfare")
    rani = make_payer(work, card_number="KA/08001")
    made, treasurer = approved_voucher(work, payee=rani.person_id)
    line = ("07/10/2026", "NEFT KA/08001", -50000)
    outcome = make_statement(work, line, opening_minor=500000)
    assert (outcome.booked, outcome.proposed) == (0, 1)
    (proposed,) = all_waiting(work, bank_account(work.session)).proposed
    assert proposed.judgement.certain
    with acting_as(work, treasurer):
        decide_line(work, proposed.view.line.ref, Choice.of(proposed.judgement.best))
    paid = work.session.scalar(select(JournalEntry).where(JournalEntry.voucher_id == made.id))
    assert paid.posted_on == date(2026, 10, 7)
    assert proof(work).difference_minor == 0
    sound(work)


def test_one_voucher_is_not_paid_by_two_lines(work):
    make_receipt_in_bank(work, fund="welfare")
    made, treasurer = approved_voucher(work)
    lines = [("07/10/2026", f"CHQ {number}", -50000) for number in (1, 2)]
    make_statement(work, *lines, opening_minor=500000)
    chosen = Choice(Kind.VOUCHER, target_id=made.id)
    with acting_as(work, treasurer):
        decide_line(work, line_saying(work, "CHQ 1").line.ref, chosen)
        with pytest.raises(ChoiceGoneError):
            decide_line(work, line_saying(work, "CHQ 2").line.ref, chosen)


def test_what_a_rule_did_says_so_and_what_a_person_did_names_her(work):
    make_payer(work, card_number="KA/08001")
    make_statement(work, ("05/10/2026", "UPI/CR/1/KA 8001", 2000), ("05/10/2026", "x", 100))
    treasurer = make_person_as(work, Role.TREASURER)
    with acting_as(work, treasurer):
        decide_line(work, line_saying(work, "x").line.ref, Choice(Kind.HELD))
    rows = work.session.execute(
        select(
            BankDecision.kind, BankDecision.made_by, BankDecision.score, BankDecision.reasons
        ).order_by(BankDecision.id)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("dues", None, 95, ["card", "amount_months"]),
        ("held", treasurer.person_id, None, ["by_hand"]),
    ]
    (held,) = held_lines(work, bank_account(work.session))
    assert held.words.narration == "x"
