"""The signed ends of the chain, day by day, and whether each still says what is so (M7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from union.infra.signing import Signature, fingerprint, is_signed
from union.ledger.models import AccountingPeriod, Seal, SealHead
from union.ledger.queries.seals import chain_head, count_unsealed
from union.ledger.rules.seals import FIRST, Head, head_hash, head_text


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """Where the chain ends now, as a report prints it; ``figures`` is the hash in hexadecimal.

    ``signed_on`` and ``key_print`` are those of the newest signed head, which may be older.
    """

    figures: str
    sealed_at: datetime
    entries: int
    unsealed: int
    signed_on: date | None
    key_print: str | None

    @property
    def short(self) -> str:
        """The first 16 figures in groups of four, enough to compare on paper."""
        return " ".join(self.figures[at : at + 4] for at in range(0, 16, 4))


@dataclass(frozen=True, slots=True)
class BrokenHead:
    """A head that does not hold: its code says why."""

    head_id: int
    said_on: date
    code: str


def chain_end(session: Session) -> ChainEnd | None:
    """The present end of the chain; None while nothing is sealed."""
    seal = chain_head(session)
    if seal is None:
        return None
    head = newest_signed_head(session)
    return ChainEnd(
        figures=seal.content_hash.hex(),
        sealed_at=seal.made_at,
        entries=session.scalar(select(func.sum(Seal.entries))) or 0,
        unsealed=count_unsealed(session),
        signed_on=head.said_on if head else None,
        key_print=fingerprint(head.public_key) if head else None,
    )


def newest_head(session: Session) -> SealHead | None:
    """The head said last, on which the next one stands; whether it is signed is not asked."""
    return session.scalars(select(SealHead).order_by(SealHead.id.desc()).limit(1)).one_or_none()


def newest_signed_head(session: Session) -> SealHead | None:
    """The newest head whose signature holds: what a forger wrote beside it is passed over."""
    page = heads(session)
    while page:
        for row in page:
            if holds(row):
                return row
        page = heads(session, before_id=page[-1].id)
    return None


def holds(row: SealHead) -> bool:
    """Whether what a head says is signed by the key that it names."""
    return is_signed(head_text(as_said(row)).encode(), Signature(row.public_key, row.signature))


def true_head(session: Session, reason: str, said_on: date, public_key: bytes) -> SealHead | None:
    """The head of a day or closed month that this key really signed, if it did."""
    said = select(SealHead).where(
        SealHead.reason == reason,
        SealHead.said_on == said_on,
        SealHead.public_key == public_key,
    )
    return next((row for row in session.scalars(said.order_by(SealHead.id)) if holds(row)), None)


def heads(session: Session, before_id: int | None = None, limit: int = 60) -> Sequence[SealHead]:
    """Heads newest first, before an id."""
    page = select(SealHead).order_by(SealHead.id.desc()).limit(limit)
    if before_id is not None:
        page = page.where(SealHead.id < before_id)
    return session.scalars(page).all()


def closed_to(session: Session) -> date | None:
    """The first day of the newest month that is closed."""
    return session.scalar(
        select(func.max(AccountingPeriod.first_on)).where(AccountingPeriod.status == "closed")
    )


def closed_months(session: Session) -> Sequence[date]:
    """The first day of every closed month, oldest first."""
    return session.scalars(
        select(AccountingPeriod.first_on)
        .where(AccountingPeriod.status == "closed")
        .order_by(AccountingPeriod.first_on)
    ).all()


def as_said(row: SealHead) -> Head:
    """A head as it was signed."""
    return Head(
        previous=row.previous_hash,
        reason=row.reason,
        said_on=row.said_on,
        seal_id=row.seal_id,
        seal_hash=row.seal_hash,
        entries=row.entries,
        closed_to=row.closed_to,
        made_at=row.made_at,
    )


def broken_heads(session: Session, our_key: bytes | None = None) -> Iterator[BrokenHead]:
    """Every head that is not signed, not the next of the one before, or not of this chain.

    With ``our_key`` also each that another key signed after ours had signed one: a key that was
    changed for a new one signs nothing any more.
    """
    seals = {seal.id: seal for seal in session.scalars(select(Seal))}
    sums: dict[int, int] = {}
    for number in sorted(seals):
        sums[number] = sum(list(sums.values())[-1:]) + seals[number].entries
    previous_id, previous, ours = None, FIRST, False
    for row in session.scalars(select(SealHead).order_by(SealHead.id)):
        seal = seals.get(row.seal_id)
        said = as_said(row)
        if not holds(row):
            yield BrokenHead(row.id, row.said_on, "not_signed")
        elif ours and row.public_key != our_key:
            yield BrokenHead(row.id, row.said_on, "another_key")
        elif (row.previous_id, row.previous_hash) != (previous_id, previous):
            yield BrokenHead(row.id, row.said_on, "not_the_next")
        elif seal is None or (seal.content_hash, sums[seal.id]) != (row.seal_hash, row.entries):
            yield BrokenHead(row.id, row.said_on, "not_this_chain")
        ours = ours or row.public_key == our_key
        previous_id, previous = row.id, head_hash(said)
