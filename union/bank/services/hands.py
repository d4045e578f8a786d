"""Two hands on money that went. Invariant: nobody alone calls it a charge above the ceiling.

What one says waits, and holds its month open, until a second person confirms it.
"""

from __future__ import annotations

from sqlalchemy import select

from union.bank.errors import (
    CeilingUnreadableError,
    DecisionUnfitError,
    LineDecidedError,
    ReasonNeededError,
    SameHandError,
    WordEndedError,
    WordOpenError,
)
from union.bank.models import BankCeiling, BankDecision, BankLine, BankStatement, BankWord
from union.bank.queries.hands import (
    WORD_NOTE,
    open_word_of,
    wants_second,
    word_end_row,
    word_note,
)
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import TWO_HANDED, Kind, fits_side
from union.bank.services.deciding import decide_line, held_line, standing_of
from union.infra import audit
from union.infra.people import is_present
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_ref


def say_line(work: Work, line_ref: str, choice: Choice) -> BankDecision | BankWord:
    """Say what a line is: decided at once, or kept as a word that waits for a second person.

    WordOpenError if one waits already; else as ``decide_line``.
    """
    line = held_line(work, line_ref)
    fits = choice.kind in TWO_HANDED and fits_side(choice.kind, line.amount_minor)
    if not fits or not wants_second(work.session, line, choice.kind):
        return decide_line(work, line_ref, choice)
    _number, stands, kind = standing_of(work, line)
    if stands and kind != Kind.CARRIED:
        raise LineDecidedError(line_id=line.id)
    if open_word_of(work.session, line.id) is not None:
        raise WordOpenError(line_id=line.id)
    if work.actor.person_id is None:
        raise DecisionUnfitError(line_id=line.id)
    ref = new_ref()
    word = BankWord(
        ref=ref,
        line_id=line.id,
        kind=choice.kind,
        note=_closed(work, line, ref, choice.note),
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(word)
    work.session.flush()
    audit.log(work, "bank_word_said", object_type="bank_line", object_id=line.id)
    return word


def confirm_word(work: Work, ref: str) -> BankDecision:
    """A second person's yes: the line is booked as the first one said.

    SameHandError for whoever said it, WordEndedError if it is over, else as ``decide_line``.
    """
    word, line = _open(work, ref)
    _is_another(work, word.made_by)
    note = word_note(work, word, line)
    _end(work, word, "confirmed")
    choice = Choice(Kind(word.kind), note=note, word_id=word.id, said_by=word.made_by)
    decision = decide_line(work, line.ref, choice)
    audit.log(work, "bank_word_confirmed", object_type="bank_line", object_id=line.id)
    return decision


def end_word(work: Work, ref: str, why: str = "") -> None:
    """A second person's no, or the first one's own: the line waits as before.

    The no, whose it is and why stay with the line. ReasonNeededError for a no without a reason,
    WordEndedError if it is over.
    """
    word, line = _open(work, ref)
    hers = is_present(work, word.made_by)
    if not (hers or why.strip()):
        raise ReasonNeededError
    word.ended_note = _closed(work, line, word_end_row(word), why.strip())
    _end(work, word, "taken_back" if hers else "refused")
    audit.log(work, "bank_word_ended", object_type="bank_line", object_id=line.id)


def set_ceiling(work: Work, line_minor: int, month_minor: int) -> BankCeiling:
    """Write how much one may call a charge alone; it holds once a second person agrees.

    CeilingUnreadableError if a month may hold less than a line; SameHandError for no person.
    """
    if line_minor < 0 or month_minor < line_minor:
        raise CeilingUnreadableError
    if work.actor.person_id is None:
        raise SameHandError
    new = BankCeiling(
        ref=new_ref(),
        line_minor=line_minor,
        month_minor=month_minor,
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(new)
    work.session.flush()
    audit.log(work, "bank_ceiling_written", object_type="bank_ceiling", object_id=new.id)
    return new


def confirm_ceiling(work: Work, ref: str) -> BankCeiling:
    """A second person's yes; SameHandError for whoever wrote it."""
    held = work.session.scalar(select(BankCeiling).where(BankCeiling.ref == ref).with_for_update())
    if held is None:
        raise NotFoundError
    if held.confirmed_at is not None:
        return held
    _is_another(work, held.made_by)
    held.confirmed_at, held.confirmed_by = work.clock.now(), work.actor.person_id
    work.session.flush()
    audit.log(work, "bank_ceiling_confirmed", object_type="bank_ceiling", object_id=held.id)
    return held


def _open(work: Work, ref: str) -> tuple[BankWord, BankLine]:
    word = work.session.scalar(select(BankWord).where(BankWord.ref == ref))
    if word is None:
        raise NotFoundError
    line = held_line(work, work.session.get_one(BankLine, word.line_id).ref)
    work.session.refresh(word)
    if word.ended_at is not None:
        raise WordEndedError
    return word, line


def _is_another(work: Work, person_id: int) -> None:
    if work.actor.person_id is None or is_present(work, person_id):
        raise SameHandError


def _end(work: Work, word: BankWord, how: str) -> None:
    if work.actor.person_id is None:
        raise SameHandError
    word.ended_at, word.ended_by, word.ended_how = work.clock.now(), work.actor.person_id, how
    work.session.flush()


def _closed(work: Work, line: BankLine, ref: str, note: str | None) -> bytes | None:
    if not note:
        return None
    key_ref = work.session.get_one(BankStatement, line.statement_id).key_ref
    return work.vault.encrypt(key_ref, WORD_NOTE, ref, note)
