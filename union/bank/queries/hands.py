"""What waits for a second person's hand, and how much one may say alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from union.bank.models import BankCeiling, BankDecision, BankLine, BankStatement, BankWord
from union.bank.queries.lines import LineView, lines_by_id
from union.bank.queries.tables import CARD_LINE, LINE_NOW
from union.bank.rules.hands import TIMES_CARRIED, Ceiling, needs_second
from union.bank.rules.kinds import Kind
from union.bank.rules.known import TakenBack
from union.infra.gone import read_or_gone
from union.infra.people import is_present, one_person
from union.infra.work import Work
from union.kernel.periods import Month
from union.ledger.models import AccountingPeriod, Voucher
from union.ledger.queries.hands import settled

WORD_NOTE = "bank_word.note"


@dataclass(frozen=True, slots=True)
class WordView:
    """What somebody said of a line, with the line; ``hers`` if the reader said it herself."""

    word: BankWord
    view: LineView
    note: str | None
    hers: bool


@dataclass(frozen=True, slots=True)
class SaidOfLine:
    """What somebody said of a line, how it ended, and both reasons, opened."""

    word: BankWord
    note: str | None
    ended_note: str | None


def said_of_line(work: Work, line: BankLine) -> list[SaidOfLine]:
    """Everything one person said of a line and another answered, the latest first."""
    words = work.session.scalars(
        select(BankWord)
        .where(BankWord.line_id == line.id, BankWord.ended_at.is_not(None))
        .order_by(BankWord.id.desc())
    ).all()
    return [
        SaidOfLine(
            one,
            word_note(work, one, line),
            _opened(work, line, word_end_row(one), one.ended_note),
        )
        for one in words
    ]


def ceiling_now(session: Session) -> Ceiling:
    """What holds now: as two people set it last, or what the database begins with."""
    made = func.bank_ceiling_now().table_valued("line_minor", "month_minor")
    row = session.execute(select(made.c.line_minor, made.c.month_minor)).one()
    return Ceiling(int(row[0]), int(row[1]))


def ceilings_waiting(session: Session) -> Sequence[BankCeiling]:
    """What was written after the one that holds and nobody has confirmed, the latest first."""
    latest = select(func.coalesce(func.max(BankCeiling.id), 0)).where(
        BankCeiling.confirmed_at.is_not(None)
    )
    return session.scalars(
        select(BankCeiling)
        .where(BankCeiling.confirmed_at.is_(None), BankCeiling.id > latest.scalar_subquery())
        .order_by(BankCeiling.id.desc())
    ).all()


def wants_second(session: Session, line: BankLine, kind: Kind) -> bool:
    """Whether one person alone cannot say that a line is this."""
    month = line.booked_on.replace(day=1)
    alone = session.scalar(select(func.bank_charged_alone(month, line.id)))
    return needs_second(kind, -line.amount_minor, int(alone or 0), ceiling_now(session))


def open_word_of(session: Session, line_id: int) -> BankWord | None:
    """What was said of a line and is neither confirmed nor ended."""
    return session.scalar(
        select(BankWord).where(BankWord.line_id == line_id, BankWord.ended_at.is_(None))
    )


def words_open(work: Work) -> list[WordView]:
    """Everything that waits for a second hand, oldest first."""
    return _views(
        work,
        work.session.scalars(
            select(BankWord).where(BankWord.ended_at.is_(None)).order_by(BankWord.id)
        ).all(),
    )


def words_waiting(session: Session, person_id: int | None) -> int:
    """How many words wait for this person's hand: those she did not say herself; None for all."""
    waiting = select(func.count(BankWord.id)).where(
        BankWord.ended_at.is_(None),
        one_person(BankWord.made_by).is_distinct_from(one_person(person_id)),
    )
    return int(session.scalar(waiting) or 0)


def carried_until(session: Session, line: BankLine) -> Month:
    """Over which month a line may wait: its own, or the first one that is still open."""
    first = session.scalar(
        select(func.min(AccountingPeriod.first_on)).where(AccountingPeriod.status == "open")
    )
    return Month.of(max(line.booked_on, first or line.booked_on))


def times_carried(session: Session, line: BankLine) -> int:
    """How often a line was let wait."""
    carried = select(func.count(BankDecision.id)).where(
        BankDecision.line_id == line.id, BankDecision.kind == Kind.CARRIED
    )
    return int(session.scalar(carried) or 0)


def may_wait(session: Session, line: BankLine, until: Month, note: str | None) -> bool:
    """Whether a line may be let wait over a month: with a reason, and not for ever."""
    latest = carried_until(session, line).next()
    return bool(note) and until <= latest and times_carried(session, line) < TIMES_CARRIED


def vouchers_of_sum(session: Session, amount_minor: int) -> Sequence[Voucher]:
    """Vouchers of just this sum that are neither paid nor withdrawn, oldest first."""
    return session.scalars(
        select(Voucher)
        .where(Voucher.amount_minor == amount_minor, Voucher.withdrawn_at.is_(None), ~settled())
        .order_by(Voucher.id)
        .limit(10)
    ).all()


def taken_back(session: Session, on: date) -> list[TakenBack]:
    """The card company's lines up to a day by which it took money back, said of no line yet."""
    said = select(BankDecision.id).join(LINE_NOW, LINE_NOW.c.decision_id == BankDecision.id)
    rows = session.execute(
        select(CARD_LINE.c.id, func.abs(CARD_LINE.c.amount_minor), CARD_LINE.c.happened_on)
        .where(
            CARD_LINE.c.kind.in_(("dispute", "payout_back")),
            CARD_LINE.c.happened_on <= on,
            ~said.where(BankDecision.card_line_id == CARD_LINE.c.id, LINE_NOW.c.stands).exists(),
        )
        .order_by(CARD_LINE.c.id)
    )
    return [TakenBack(*row) for row in rows]


def _views(work: Work, words: Sequence[BankWord]) -> list[WordView]:
    lines = lines_by_id(work, {one.line_id for one in words})
    return [
        WordView(
            one,
            lines[one.line_id],
            word_note(work, one, lines[one.line_id].line),
            hers=is_present(work, one.made_by),
        )
        for one in words
    ]


def word_note(work: Work, word: BankWord, line: BankLine) -> str | None:
    """Somebody's reason, opened."""
    return _opened(work, line, word.ref, word.note)


def word_end_row(word: BankWord) -> str:
    """The row under which a word's ending is encrypted, with the statement's key."""
    return f"{word.ref}:end"


def _opened(work: Work, line: BankLine, row: str, closed: bytes | None) -> str | None:
    if closed is None:
        return None
    key_ref = work.session.get_one(BankStatement, line.statement_id).key_ref
    return read_or_gone(work, key_ref, WORD_NOTE, row, closed)
