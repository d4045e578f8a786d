"""Deciding what a line is. Invariant: each line stands decided once, or waits where all see it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import and_, func, select

from union.bank.errors import (
    CarriedTooLongError,
    ChoiceGoneError,
    DecisionUnfitError,
    LineDecidedError,
    SecondHandNeededError,
)
from union.bank.models import (
    BankAccount,
    BankDecision,
    BankLine,
    BankLineEntry,
    BankStatement,
)
from union.bank.queries.hands import may_wait, open_word_of, taken_back, wants_second
from union.bank.queries.lines import NOTE, WORDS, LineWords, close_words, note_row, open_words
from union.bank.queries.tables import LINE_NOW
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import TWO_HANDED, Kind, fits_side
from union.bank.services.booking import (
    DUES_SOURCE,
    ToBook,
    book,
    book_dues,
    link,
    release_waiting,
)
from union.dues.errors import SameHandError
from union.dues.models import Payment
from union.dues.services import known_is_done
from union.infra import audit
from union.infra.people import Person, is_present
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.ledger.models import Donation, JournalEntry, Voucher
from union.ledger.rules.entries import DONATION

LINE_LOCK = 7002


def decide_line(work: Work, line_ref: str, choice: Choice) -> BankDecision:
    """Say what a line is and book it so, once.

    LineDecidedError if it stands decided, DecisionUnfitError if this cannot be what it is,
    SecondHandNeededError if one person alone cannot say so, SameHandError for one's own receipt
    from before, CarriedTooLongError. What was only carried over may be decided anew. Words pass to
    the key of whose money it is.
    """
    line = held_line(work, line_ref)
    number, stands, kind = standing_of(work, line)
    if stands and kind != Kind.CARRIED:
        raise LineDecidedError(line_id=line.id)
    if choice.kind != Kind.CARRIED:
        known_is_done(work, known_line(line))
    decision = _decide(work, line, choice, number + 1)
    _end_other_word(work, line)
    return decision


def known_line(line: BankLine) -> str:
    """Under which name dues know of a line that may be somebody's payment and waits."""
    return f"bank_line:{line.id}"


def decide_fresh(work: Work, line: BankLine, choice: Choice) -> BankDecision:
    """As ``decide_line``, for a line that this unit of work has just written."""
    return _decide(work, line, choice, 1)


def decide_dues(work: Work, asked: Sequence[tuple[BankLine, Choice]]) -> None:
    """As ``decide_fresh`` for many payments of dues at once, written in a few sets."""
    opened = [open_words(work, line) for line, _ in asked]
    decisions = [_decision(work, line, choice, 1, choice.person_id) for line, choice in asked]
    work.session.add_all(decisions)
    work.session.flush()
    to_book = [
        (line, choice, words.by_upi) for (line, choice), words in zip(asked, opened, strict=True)
    ]
    entries = book_dues(work, to_book)
    work.session.add_all(
        BankLineEntry(entry_id=entry_id, line_id=line.id, decision_id=decision.id)
        for (line, _), decision, entry_id in zip(asked, decisions, entries, strict=True)
    )
    keys = _keys_of(work, {choice.person_id or 0 for _, choice in asked})
    for (line, choice), words in zip(asked, opened, strict=True):
        _give_words(work, line, words, keys[choice.person_id or 0])
        _log(work, line, choice.person_id)
    work.session.flush()


def _decide(work: Work, line: BankLine, choice: Choice, number: int) -> BankDecision:
    if not fits_side(choice.kind, line.amount_minor):
        raise DecisionUnfitError(line_id=line.id)
    if (choice.kind is Kind.CARRIED) != (choice.until is not None):
        raise DecisionUnfitError(line_id=line.id)
    _refuse(work, line, choice)
    words = open_words(work, line)
    person_id = _whose(work, choice)
    decision = _decision(work, line, choice, number, person_id)
    work.session.add(decision)
    work.session.flush()
    account = work.session.get_one(BankAccount, line.account_id)
    to_book = ToBook(account, line, choice, decision, by_upi=words.by_upi)
    # Booked before what waited is taken back: dues take their own locks before any balance's.
    link(work, line, decision, book(work, to_book))
    release_waiting(work, line)
    if person_id is not None:
        _give_words(work, line, words, _keys_of(work, {person_id})[person_id])
    _log(work, line, person_id)
    work.session.flush()
    return decision


def _refuse(work: Work, line: BankLine, choice: Choice) -> None:
    """What one hand alone, no reason, or no line of the card company's is not enough for."""
    alone = choice.kind in TWO_HANDED and choice.word_id is None
    # What the rule is sure of was handed in by a collector: nobody alone says that it was.
    alone = alone and not (choice.kind is Kind.DEPOSIT and choice.by_rule)
    if alone and wants_second(work.session, line, choice.kind):
        raise SecondHandNeededError(line_id=line.id)
    if choice.kind is Kind.BOOKED and not choice.by_rule and _wrote_it(work, choice.target_id):
        raise SameHandError(line_id=line.id)
    if choice.until is not None and not may_wait(work.session, line, choice.until, choice.note):
        raise CarriedTooLongError(line_id=line.id)
    if choice.kind is Kind.CHARGEBACK:
        known = taken_back(work.session, line.booked_on)
        if (choice.target_id, -line.amount_minor) not in {
            (one.card_line_id, one.amount_minor) for one in known
        }:
            raise ChoiceGoneError(line_id=line.id)


def _wrote_it(work: Work, entry_id: int | None) -> bool:
    """Whether the present person wrote the receipt: else a stranger's line covers what she kept."""
    paid = JournalEntry.source_kind == DUES_SOURCE, JournalEntry.source_id == Payment.id
    given = JournalEntry.source_kind == DONATION, JournalEntry.source_id == Donation.id
    wrote = select(Payment.received_by).join(JournalEntry, and_(*paid))
    took = select(Donation.made_by).join(JournalEntry, and_(*given))
    by = wrote.where(JournalEntry.id == entry_id, Payment.source.is_(None)).union_all(
        took.where(JournalEntry.id == entry_id)
    )
    return is_present(work, *work.session.scalars(by))


def _end_other_word(work: Work, line: BankLine) -> None:
    """Whatever somebody said of it before is over, now that it is decided."""
    word = open_word_of(work.session, line.id)
    if word is not None and work.actor.person_id is not None:
        word.ended_at, word.ended_by = work.clock.now(), work.actor.person_id
        word.ended_how = "taken_back"
        work.session.flush()


def _decision(
    work: Work, line: BankLine, choice: Choice, number: int, person_id: int | None
) -> BankDecision:
    return BankDecision(
        line_id=line.id,
        round=number,
        kind=choice.kind,
        person_id=person_id,
        score=choice.score,
        reasons=[str(reason) for reason in choice.reasons],
        until_month=None if choice.until is None else choice.until.first_day,
        note=_closed_note(work, line, number, choice.note),
        made_at=work.clock.now(),
        made_by=None if choice.by_rule else choice.said_by or work.actor.person_id,
        word_id=choice.word_id,
        card_line_id=choice.target_id if choice.kind is Kind.CHARGEBACK else None,
    )


def _whose(work: Work, choice: Choice) -> int | None:
    if choice.kind is Kind.VOUCHER:
        voucher = work.session.get(Voucher, choice.target_id or 0)
        return None if voucher is None else voucher.payee_person_id
    return choice.person_id if choice.kind is Kind.DUES else None


def _keys_of(work: Work, person_ids: Collection[int]) -> dict[int, UUID]:
    rows = work.session.execute(select(Person.id, Person.key_ref).where(Person.id.in_(person_ids)))
    keys = {row.id: row.key_ref for row in rows}
    work.vault.preload(keys.values())
    return keys


def _give_words(work: Work, line: BankLine, words: LineWords, key_ref: UUID) -> None:
    """From now on her own key opens what her line says: erasing her erases it."""
    line.words = work.vault.encrypt(key_ref, WORDS, line.ref, close_words(words))
    line.key_ref = key_ref


def _log(work: Work, line: BankLine, person_id: int | None) -> None:
    work.session.add(
        audit.AuditEntry(
            at=work.clock.now(),
            actor_person_id=work.actor.person_id,
            actor_name=work.actor.name,
            action="bank_line_decided",
            subject_person_id=person_id,
            object_type="bank_line",
            object_id=line.id,
        )
    )


def _closed_note(work: Work, line: BankLine, number: int, note: str | None) -> bytes | None:
    if not note:
        return None
    key_ref = work.session.get_one(BankStatement, line.statement_id).key_ref
    return work.vault.encrypt(key_ref, NOTE, note_row(line, number), note)


def held_line(work: Work, line_ref: str) -> BankLine:
    """A line that nobody else decides about meanwhile; NotFoundError."""
    line = work.session.scalar(select(BankLine).where(BankLine.ref == line_ref))
    if line is None:
        raise NotFoundError
    hold_line(work, line)
    work.session.refresh(line)
    return line


def hold_line(work: Work, line: BankLine) -> None:
    """Let nobody else decide about a line until the commit; the laws take the same lock."""
    work.session.execute(select(func.pg_advisory_xact_lock(LINE_LOCK, line.id % (2**31 - 1))))


def standing_of(work: Work, line: BankLine) -> tuple[int, bool, str | None]:
    """How many rounds there were, whether the last one stands, and what it said."""
    stands, kind = work.session.execute(
        select(LINE_NOW.c.stands, LINE_NOW.c.kind).where(LINE_NOW.c.line_id == line.id)
    ).one()
    rounds = select(func.count()).where(BankDecision.line_id == line.id)
    return int(work.session.scalar(rounds) or 0), bool(stands), kind
