"""The signed ends of the chain, day by day, and whether each still says what is so (M7)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from union.infra.signed_heads import BrokenHead, SaidHead, broken_among, ends_of
from union.infra.signing import Signature, fingerprint, is_signed
from union.infra.successions import Line
from union.kernel.ids import in_fours
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
        return in_fours(self.figures[:16])


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


def true_head(
    session: Session, reason: str, said_on: date, keys: Collection[bytes]
) -> SealHead | None:
    """The head of a day or closed month that one of these keys really signed, if one did."""
    said = select(SealHead).where(
        SealHead.reason == reason,
        SealHead.said_on == said_on,
        SealHead.public_key.in_(keys),
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


def broken_heads(session: Session, ours: Line = ()) -> Iterator[BrokenHead]:
    """Every head that is not signed, not the next of the one before, or not of this chain.

    With our keys also each that another key signed after one of ours had signed, or one of ours
    after it was handed on.
    """
    ends = ends_of((one.id, one.content_hash, one.entries) for one in session.scalars(select(Seal)))
    said = map(_said, session.scalars(select(SealHead).order_by(SealHead.id)))
    return broken_among(said, ends, FIRST, ours)


def _said(row: SealHead) -> SaidHead:
    return SaidHead(
        id=row.id,
        said_on=row.said_on,
        made_at=row.made_at,
        previous=(row.previous_id, row.previous_hash),
        seal_id=row.seal_id,
        end=(row.seal_hash, row.entries),
        public_key=row.public_key,
        own_hash=head_hash(as_said(row)),
        holds=holds(row),
    )
