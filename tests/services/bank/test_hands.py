"""Two hands on money that went, what waits only so long, and files that go after their day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.builders.bank import line_saying, make_csv, make_statement, sound
from tests.builders.dues import balance, make_payer
from tests.builders.ledger import acting_as, make_person_as, make_receipt
from union.bank.errors import (
    CarriedTooLongError,
    ChoiceGoneError,
    DecisionUnfitError,
    FileGoneError,
    SameHandError,
    SecondHandNeededError,
    WordEndedError,
    WordOpenError,
)
from union.bank.models import BankDecision, BankUpload, BankWord
from union.bank.queries.hands import carried_until, ceiling_now, words_waiting
from union.bank.queries.lines import decisions_of, line_view, undecided
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import Kind
from union.bank.services import (
    confirm_ceiling,
    confirm_word,
    decide_line,
    drop_upload,
    end_word,
    keep_upload,
    let_line_wait,
    say_line,
    set_ceiling,
)
from union.bank.services.uploads import TIMERS, upload_of
from union.dues.models import Payment
from union.dues.queries.accounts import account_of
from union.dues.services import TakeBack, take_back
from union.infra.keystore import KeyGoneError
from union.infra.outbox import Outbox
from union.infra.timers import Timer
from union.kernel.actor import Role
from union.kernel.periods import Month
from union.ledger.services import open_books

OCTOBER = Month(2026, 10)
LOCKER = ("07/10/2026", "CHQ 12 LOCKER", -125000)
CASH = ("08/10/2026", "ATM WDL", -20000)
PAID_IN = ("09/10/2026", "UPI SHANTA", 20000)


@pytest.fixture
def first(work):
    return make_person_as(work, Role.TREASURER)


@pytest.fixture
def second(work):
    return make_person_as(work, Role.SIGNATORY)


def bring(work, *lines) -> str:
    open_books(work)
    make_receipt(work, 1_000_000)
    make_statement(work, *lines, opening_minor=1_000_000)
    return line_saying(work, lines[0][1]).line.ref


def say(work, actor, ref, choice):
    with acting_as(work, actor):
        return say_line(work, ref, choice)


@pytest.mark.parametrize(
    ("line", "kind", "account"),
    [
        (LOCKER, Kind.CHARGE, "5210"),
        (LOCKER, Kind.CARD_FEE, "5220"),
        (CASH, Kind.WITHDRAWAL, "1010"),
        (PAID_IN, Kind.DEPOSIT, "1010"),
    ],
)
def test_what_one_said_is_booked_when_another_says_the_same(
    work, first, second, line, kind, account
):
    ref = bring(work, line)
    word = say(work, first, ref, Choice(kind, note="for the locker"))
    assert line_view(work, ref).waits
    assert len(undecided(work.session, OCTOBER)) == 1
    assert balance(work, account) == 0
    with acting_as(work, first), pytest.raises(SameHandError):
        confirm_word(work, word.ref)
    assert words_waiting(work.session, first.person_id) == 0
    assert words_waiting(work.session, second.person_id) == 1
    with acting_as(work, second):
        decision = confirm_word(work, word.ref)
    assert balance(work, account) == -line[2]
    assert decision.made_by == first.person_id
    assert decisions_of(work, line_view(work, ref).line)[0].note == "for the locker"
    with acting_as(work, second), pytest.raises(WordEndedError):
        confirm_word(work, word.ref)
    sound(work)


def test_one_alone_is_told_what_to_do_and_a_small_charge_needs_nobody(work, first):
    ref = bring(work, LOCKER, ("09/10/2026", "CHQ 13", -20000))
    with acting_as(work, first):
        with pytest.raises(SecondHandNeededError):
            decide_line(work, ref, Choice(Kind.CHARGE))
        say_line(work, ref, Choice(Kind.CHARGE))
        with pytest.raises(WordOpenError):
            say_line(work, ref, Choice(Kind.CARD_FEE))
        small = line_saying(work, "CHQ 13").line.ref
        assert isinstance(say_line(work, small, Choice(Kind.CHARGE)), BankDecision)
    sound(work)


def test_the_banks_own_charges_above_the_bound_wait_even_for_the_rule(work):
    ref = bring(work, *[(f"0{day}/10/2026", f"SMS CHARGES {day}", -50000) for day in range(1, 6)])
    waiting = [one.amount_minor for one in undecided(work.session, OCTOBER)]
    assert waiting == [-50000]
    assert not line_view(work, ref).waits
    sound(work)


def test_a_word_goes_when_the_line_turns_out_to_be_something_else(work, first, second):
    ref = bring(work, LOCKER)
    word = say(work, first, ref, Choice(Kind.CHARGE))
    with acting_as(work, first):
        decide_line(
            work, ref, Choice(Kind.CARRIED, until=OCTOBER, note="her voucher is being signed")
        )
    assert work.session.get_one(BankWord, word.id).ended_how == "taken_back"
    word = say(work, first, ref, Choice(Kind.CHARGE))
    with acting_as(work, second):
        end_word(work, word.ref, "it was no charge")
        assert work.session.get_one(BankWord, word.id).ended_how == "refused"
        with pytest.raises(WordEndedError):
            end_word(work, word.ref)
    sound(work)


def test_the_bound_is_two_peoples(work, first, second):
    ref = bring(work, LOCKER)
    with acting_as(work, first):
        written = set_ceiling(work, 130_000, 130_000)
        with pytest.raises(SameHandError):
            confirm_ceiling(work, written.ref)
    assert ceiling_now(work.session).line_minor == 50_000
    with acting_as(work, second):
        confirm_ceiling(work, written.ref)
    assert ceiling_now(work.session).line_minor == 130_000
    assert isinstance(say(work, first, ref, Choice(Kind.CHARGE)), BankDecision)


def test_a_chargeback_is_none_without_the_card_companys_line(work, first):
    ref = bring(work, LOCKER)
    for target in (None, 7):
        with acting_as(work, first), pytest.raises(ChoiceGoneError):
            decide_line(work, ref, Choice(Kind.CHARGEBACK, target_id=target))


def test_nothing_waits_longer_than_the_month_after_or_more_than_three_times(work, first):
    ref = bring(work, LOCKER)
    line = line_view(work, ref).line
    assert carried_until(work.session, line) == OCTOBER
    later, noteless = OCTOBER.next().next(), Choice(Kind.CARRIED, until=OCTOBER)
    with acting_as(work, first):
        for choice in (noteless, Choice(Kind.CARRIED, until=later, note="x")):
            with pytest.raises(CarriedTooLongError):
                decide_line(work, ref, choice)
        for _ in range(3):
            decide_line(work, ref, Choice(Kind.CARRIED, until=OCTOBER.next(), note="x"))
        with pytest.raises(CarriedTooLongError):
            decide_line(work, ref, Choice(Kind.CARRIED, until=OCTOBER.next(), note="x"))
    sound(work)


def test_dues_taken_back_in_her_book_wait_in_the_books_again(work, first):
    rani = make_payer(work, card_number="KA/08001")
    ref = bring(work, ("05/10/2026", "UPI/CR/1/KA 8001", 4000))
    assert account_of(work.session, rani.person_id).credit_minor == 4000
    payment = work.session.scalars(select(Payment.id)).one()
    with acting_as(work, first):
        take_back(work, TakeBack(payment, "wrong_member"))
    told = work.session.scalars(select(Outbox).where(Outbox.fact == "payment_taken_back")).one()
    for _ in range(2):
        let_line_wait(work, told.ids)
        assert balance(work, "2190") == -4000
    assert line_view(work, ref).waits
    with acting_as(work, first):
        decide_line(work, ref, Choice(Kind.HELD))
    assert (balance(work, "2190"), balance(work, "2220")) == (0, -4000)
    sound(work)


def test_an_entry_that_is_no_line_of_the_bank_is_let_be(work):
    open_books(work)
    let_line_wait(work, {"entry_id": make_receipt(work, 1000).id})
    assert balance(work, "2190") == 0


def test_a_system_of_ours_says_no_word(work):
    ref = bring(work, LOCKER)
    with pytest.raises(DecisionUnfitError):
        say_line(work, ref, Choice(Kind.CHARGE))


def fire(work) -> None:
    """What the timers' worker does with what is due."""
    for timer in work.session.scalars(
        select(Timer).where(Timer.kind.in_(TIMERS), Timer.done_at.is_(None))
    ).all():
        if timer.due_at <= work.clock.now():
            TIMERS[timer.kind](work, timer)


def test_a_chosen_file_and_its_key_go_after_a_day_by_themselves(work, clock, first):
    with acting_as(work, first):
        ref = keep_upload(work, make_csv(LOCKER))
        key = work.session.scalars(select(BankUpload.key_ref)).one()
        clock.move_to(clock.now() + timedelta(hours=23))
        fire(work)
        assert upload_of(work, ref).content == make_csv(LOCKER)
        clock.move_to(clock.now() + timedelta(hours=2))
        fire(work)
        with pytest.raises(FileGoneError):
            upload_of(work, ref)
    assert work.session.scalar(select(func.count()).select_from(BankUpload)) == 0
    with pytest.raises(KeyGoneError):
        work.vault.fresh().encrypt(key, "bank_upload.content", ref, "x")


def test_a_file_let_go_is_empty_at_once_and_its_key_goes_with_the_next_beat(work, first):
    with acting_as(work, first):
        ref = keep_upload(work, make_csv(LOCKER))
        key = work.session.scalars(select(BankUpload.key_ref)).one()
        for _ in range(2):
            drop_upload(work, ref)
        assert work.session.scalars(select(BankUpload.content)).one() == b""
        with pytest.raises(FileGoneError):
            upload_of(work, ref)
    fire(work)
    fire(work)
    assert work.session.scalar(select(func.count()).select_from(BankUpload)) == 0
    with pytest.raises(KeyGoneError):
        work.vault.fresh().encrypt(key, "bank_upload.content", ref, "x")
