"""What is sealed, what is not yet, and whether every seal still fits what it was laid on (M7)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from union.ledger.models import JournalEntry, JournalLeg, Seal, SealEntry, Voucher
from union.ledger.rules.seals import FIRST, SealedEntry, SealedLeg, entry_hash, seal_hash


@dataclass(frozen=True, slots=True)
class BrokenSeal:
    """A seal that no longer fits, and the first entry in it that does not, if it is an entry."""

    seal_id: int
    entry_id: int | None


def chain_head(session: Session) -> Seal | None:
    """The newest seal, which stands for everything before it."""
    return session.scalars(select(Seal).order_by(Seal.id.desc()).limit(1)).one_or_none()


def unsealed_ids(session: Session, limit: int) -> Sequence[int]:
    """Entries in no seal, oldest first; one that committed late is found like any other."""
    sealed = select(SealEntry.entry_id).where(SealEntry.entry_id == JournalEntry.id)
    return session.scalars(
        select(JournalEntry.id).where(~sealed.exists()).order_by(JournalEntry.id).limit(limit)
    ).all()


def count_unsealed(session: Session) -> int:
    """How many entries are in no seal."""
    sealed = select(SealEntry.entry_id).where(SealEntry.entry_id == JournalEntry.id)
    return session.scalar(select(func.count(JournalEntry.id)).where(~sealed.exists())) or 0


def sealed_entries(session: Session, entry_ids: Collection[int]) -> list[SealedEntry]:
    """Entries as they are hashed, in order of id."""
    legs: dict[int, list[SealedLeg]] = {}
    for leg in session.scalars(select(JournalLeg).where(JournalLeg.entry_id.in_(entry_ids))):
        legs.setdefault(leg.entry_id, []).append(
            SealedLeg(leg.position, leg.account_code, leg.fund_code, leg.amount_minor)
        )
    rows = session.execute(
        select(JournalEntry, Voucher.content_hash)
        .outerjoin(Voucher, Voucher.id == JournalEntry.voucher_id)
        .where(JournalEntry.id.in_(entry_ids))
        .order_by(JournalEntry.id)
        .execution_options(populate_existing=True)
    )
    return [
        SealedEntry(
            id=entry.id,
            ref=entry.ref,
            kind=entry.kind,
            happened_on=entry.happened_on,
            posted_on=entry.posted_on,
            posted_at=entry.posted_at,
            posted_by=entry.posted_by,
            source_kind=entry.source_kind,
            source_id=entry.source_id,
            reverses_id=entry.reverses_id,
            voucher_hash=voucher_hash,
            legs=legs.get(entry.id, ()),
        )
        for entry, voucher_hash in rows
    ]


def broken_seals(session: Session) -> Iterator[BrokenSeal]:
    """Every seal that does not fit, from the first on; nothing, if the chain is whole."""
    previous_id, previous = None, FIRST
    for seal in session.scalars(select(Seal).order_by(Seal.id)):
        rows = session.execute(
            select(SealEntry.entry_id, SealEntry.content_hash)
            .where(SealEntry.seal_id == seal.id)
            .order_by(SealEntry.entry_id)
        )
        kept = [(row.entry_id, row.content_hash) for row in rows]
        now = {
            entry.id: entry_hash(entry)
            for entry in sealed_entries(session, [number for number, _ in kept])
        }
        changed = [number for number, sealed in kept if now.get(number) != sealed]
        whole = (
            seal.previous_id == previous_id
            and seal.entries == len(kept)
            and seal.content_hash == seal_hash(previous, kept)
        )
        if changed or not whole:
            yield BrokenSeal(seal.id, changed[0] if changed else None)
        previous_id, previous = seal.id, seal.content_hash
