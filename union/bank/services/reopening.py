"""Taking a decision back. Invariant: money that came stands in the books while its line waits."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from union.bank.errors import DecisionUnfitError
from union.bank.models import BankAccount, BankLine, BankLineEntry
from union.bank.queries.tables import LINE_NOW, not_taken_back
from union.bank.rules.choices import REOPENED
from union.bank.services.booking import AGAIN_SOURCE, link, post_waiting
from union.bank.services.deciding import held_line, hold_line, standing_of
from union.infra import audit
from union.infra.work import Work
from union.ledger.models import JournalEntry
from union.ledger.rules import Source
from union.ledger.services import reverse_entry


def reopen_line(work: Work, line_ref: str) -> None:
    """Take back what was decided, so that it waits again; DecisionUnfitError if not from here.

    Its entry is taken back on the line's own day, or today if that month is closed; money that
    came stands from the same moment where it stood before anybody had placed it.
    """
    line = held_line(work, line_ref)
    _number, stands, kind = standing_of(work, line)
    if not stands or kind not in REOPENED:
        raise DecisionUnfitError(line_id=line.id)
    for entry_id in work.session.scalars(
        select(BankLineEntry.entry_id)
        .join(LINE_NOW, LINE_NOW.c.decision_id == BankLineEntry.decision_id)
        .where(BankLineEntry.line_id == line.id)
    ).all():
        reverse_entry(work, entry_id, happened_on=line.booked_on)
    _wait_again(work, line)
    audit.log(work, "bank_line_reopened", object_type="bank_line", object_id=line.id)


def let_line_wait(work: Work, ids: Mapping[str, int]) -> None:
    """``payment_taken_back``: if a line of the bank stood for that entry, its money waits again."""
    line = work.session.scalar(
        select(BankLine)
        .join(BankLineEntry, BankLineEntry.line_id == BankLine.id)
        .where(BankLineEntry.entry_id == ids["entry_id"])
    )
    if line is None:
        return
    hold_line(work, line)
    _wait_again(work, line)


def _wait_again(work: Work, line: BankLine) -> None:
    """Money that came and stands nowhere is owed to somebody again; a second time does nothing."""
    row = work.session.execute(
        select(LINE_NOW.c.stands, LINE_NOW.c.decision_id).where(LINE_NOW.c.line_id == line.id)
    ).one()
    waiting = select(JournalEntry.id).join(BankLineEntry, BankLineEntry.entry_id == JournalEntry.id)
    parked = work.session.scalar(
        waiting.where(
            BankLineEntry.line_id == line.id,
            BankLineEntry.decision_id.is_(None),
            not_taken_back(),
        ).limit(1)
    )
    if row.stands or line.amount_minor < 0 or row.decision_id is None or parked is not None:
        return
    account = work.session.get_one(BankAccount, line.account_id)
    source = Source(AGAIN_SOURCE, row.decision_id)
    link(work, line, None, [post_waiting(work, account, line, source).id])
