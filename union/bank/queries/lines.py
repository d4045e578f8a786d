"""Lines as pages show them: opened, with where each stands and how long it has waited."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from union.bank.models import (
    BankAccount,
    BankDecision,
    BankLine,
    BankLineEntry,
    BankStatement,
)
from union.bank.queries.tables import LINE_NOW
from union.infra.gone import read_or_gone
from union.infra.keystore import KeyGoneError
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.kernel.periods import Month
from union.ledger.models import JournalEntry

WORDS = "bank_line.words"
NOTE = "bank_decision.note"


@dataclass(frozen=True, slots=True)
class LineWords:
    """What a line says, opened; all empty if whoever it spoke of was erased."""

    narration: str = ""
    counterparty: str | None = None
    reference: str | None = None

    @property
    def by_upi(self) -> bool:
        """Whether it came by UPI."""
        return "upi" in self.narration.lower()


@dataclass(frozen=True, slots=True)
class LineView:
    """A line with its words and its decision; ``waits`` if that does not stand or is none.

    ``person_id`` is whose dues or voucher it stands for.
    """

    line: BankLine
    words: LineWords
    kind: str | None
    waits: bool
    until_month: date | None
    person_id: int | None = None

    @property
    def carried(self) -> bool:
        """Whether it was let wait for another month, and is not in the books."""
        return not self.waits and self.kind == "carried"


@dataclass(frozen=True, slots=True)
class DecidedView:
    """What was decided about a line, by whom and why, and the entries it is booked by."""

    decision: BankDecision
    entries: Sequence[JournalEntry]
    note: str | None


@dataclass(frozen=True, slots=True)
class Undecided:
    """A line that holds up a month's close; paise, money that came positive."""

    ref: str
    booked_on: date
    amount_minor: int


def undecided(session: Session, month: Month) -> list[Undecided]:
    """Every line up to the end of a month that nobody has decided about, oldest first.

    The database refuses to close the month while there is one.
    """
    waiting = select(func.bank_undecided(month.last_day))
    rows = session.execute(
        select(BankLine.ref, BankLine.booked_on, BankLine.amount_minor)
        .where(BankLine.id.in_(waiting))
        .order_by(BankLine.booked_on, BankLine.id)
    )
    return [Undecided(*row) for row in rows]


def waiting_lines(work: Work, account: BankAccount) -> list[LineView]:
    """Every line that waits for a decision, oldest first."""
    return _views(work, _lines(account).where(~LINE_NOW.c.stands))


def carried_lines(work: Work, account: BankAccount) -> list[LineView]:
    """Money that went out and is not in the books yet, with somebody's word."""
    return _views(work, _lines(account).where(LINE_NOW.c.stands, LINE_NOW.c.kind == "carried"))


def held_lines(work: Work, account: BankAccount) -> list[LineView]:
    """Money kept for whoever it belongs to, oldest first."""
    return _views(work, _lines(account).where(LINE_NOW.c.stands, LINE_NOW.c.kind == "held"))


def lines_of(work: Work, statement_id: int) -> list[LineView]:
    """What came with one statement, as it stands now."""
    query = _query().where(BankLine.statement_id == statement_id)
    return _views(work, query.order_by(BankLine.booked_on, BankLine.id))


def lines_by_id(work: Work, line_ids: Collection[int]) -> dict[int, LineView]:
    """These lines, by their ids."""
    return {one.line.id: one for one in _views(work, _query().where(BankLine.id.in_(line_ids)))}


def line_view(work: Work, ref: str) -> LineView:
    """One line; NotFoundError."""
    found = _views(work, _query().where(BankLine.ref == ref))
    if not found:
        raise NotFoundError
    return found[0]


def decisions_of(work: Work, line: BankLine) -> list[DecidedView]:
    """Everything that was ever decided about a line, the latest first."""
    decisions = work.session.scalars(
        select(BankDecision)
        .where(BankDecision.line_id == line.id)
        .order_by(BankDecision.round.desc())
    ).all()
    rows = work.session.execute(
        select(BankLineEntry.decision_id, JournalEntry)
        .join(JournalEntry, JournalEntry.id == BankLineEntry.entry_id)
        .where(BankLineEntry.line_id == line.id)
        .order_by(JournalEntry.id)
    ).all()
    return [
        DecidedView(
            one,
            [entry for decision_id, entry in rows if decision_id == one.id],
            _note(work, line, one),
        )
        for one in decisions
    ]


def waiting_count(session: Session) -> tuple[int, date | None]:
    """How many lines wait, and since which day the oldest."""
    query = (
        select(func.count(), func.min(BankLine.booked_on))
        .join(LINE_NOW, LINE_NOW.c.line_id == BankLine.id)
        .where(~LINE_NOW.c.stands)
    )
    count, oldest = session.execute(query).one()
    return int(count), oldest


def open_words(work: Work, line: BankLine) -> LineWords:
    """What one line says."""
    try:
        held = json.loads(work.vault.decrypt(line.key_ref, WORDS, line.ref, line.words))
    except KeyGoneError:
        return LineWords()
    return LineWords(held["narration"], held["counterparty"], held["reference"])


def close_words(words: LineWords) -> str:
    """What is encrypted of a line."""
    return json.dumps(
        {
            "narration": words.narration,
            "counterparty": words.counterparty,
            "reference": words.reference,
        },
        ensure_ascii=False,
    )


_Rows = Select[BankLine, str | None, date | None, bool, int | None]


def _query() -> _Rows:
    return (
        select(
            BankLine,
            LINE_NOW.c.kind,
            LINE_NOW.c.until_month,
            LINE_NOW.c.stands,
            BankDecision.person_id,
        )
        .join(LINE_NOW, LINE_NOW.c.line_id == BankLine.id)
        .outerjoin(BankDecision, BankDecision.id == LINE_NOW.c.decision_id)
    )


def _lines(account: BankAccount) -> _Rows:
    mine = _query().where(BankLine.account_id == account.id)
    return mine.order_by(BankLine.booked_on, BankLine.id)


def _views(work: Work, query: _Rows) -> list[LineView]:
    rows = work.session.execute(query).all()
    _preload(work, (line for line, *_ in rows))
    return [
        LineView(line, open_words(work, line), kind, not stands, until, person if stands else None)
        for line, kind, until, stands, person in rows
    ]


def _preload(work: Work, lines: Iterable[BankLine]) -> None:
    work.vault.preload({line.key_ref for line in lines})


def _note(work: Work, line: BankLine, decision: BankDecision) -> str | None:
    if decision.note is None:
        return None
    key_ref = work.session.get_one(BankStatement, line.statement_id).key_ref
    row = note_row(line, decision.round)
    return read_or_gone(work, key_ref, NOTE, row, decision.note)


def note_row(line: BankLine, number: int) -> str:
    """The row under which a decision's note is encrypted, with the statement's key."""
    return f"{line.ref}:{number}"
