"""What the provider kept, looked at and taken as spent. Invariant: a fee is spent once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from union.checkout.errors import NothingToClearError
from union.checkout.models import CardFeeBatch, CardLine
from union.infra.work import Work
from union.ledger.rules import AccountCode, EntryKind, NewEntry, Source, credit, debit
from union.ledger.services import post_entry

FEES_SOURCE = "card_fees"


def clear_fees(work: Work) -> int:
    """Take what the provider kept as spent on card fees, month by month; how much, in paise.

    NothingToClearError if nothing waits.
    """
    lines = work.session.scalars(
        select(CardLine)
        .where(CardLine.fee_batch_id.is_(None), CardLine.kept_minor != 0)
        .order_by(CardLine.happened_on, CardLine.id)
        .with_for_update()
    ).all()
    if not lines:
        raise NothingToClearError
    months = {(one.happened_on.year, one.happened_on.month) for one in lines}
    for year, month in sorted(months):
        ours = [
            one for one in lines if (one.happened_on.year, one.happened_on.month) == (year, month)
        ]
        _clear_month(work, ours)
    return sum(one.kept_minor for one in lines)


def _clear_month(work: Work, lines: Sequence[CardLine]) -> None:
    kept = sum(one.kept_minor for one in lines)
    if kept == 0:
        return
    batch = CardFeeBatch(
        amount_minor=kept,
        happened_on=max(one.happened_on for one in lines),
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(batch)
    work.session.flush()
    work.session.execute(
        update(CardLine)
        .where(CardLine.id.in_([one.id for one in lines]))
        .values(fee_batch_id=batch.id)
    )
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.CLEARING,
            happened_on=batch.happened_on,
            source=Source(FEES_SOURCE, batch.id),
            legs=(
                debit(AccountCode.CARD_FEES, kept),
                credit(AccountCode.BANK_CHARGES_TO_CLEAR, kept),
            ),
        ),
    )
