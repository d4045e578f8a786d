"""Who is with whom, and which incidents are sealed for the named officers; read, never judged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.crisis.models import Contact, MinorDecision, Staying
from union.crisis.rules.minors import SETTLED, Decision

if TYPE_CHECKING:
    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class SealedContact:
    """One contact for a named officer: nothing of what was told."""

    ref: str
    id: int
    received_at: datetime
    may_be_minor_at: datetime
    decisions: tuple[tuple[datetime, Decision], ...]

    @property
    def waits(self) -> bool:
        """Whether nobody has decided yet."""
        return not any(what in SETTLED for _, what in self.decisions)


def staying_with(work: Work, incident_ids: Collection[int]) -> Mapping[int, Staying]:
    """Who is with her now, by incident."""
    rows = work.session.scalars(
        select(Staying).where(Staying.incident_id.in_(incident_ids), Staying.ended_at.is_(None))
    )
    return {row.incident_id: row for row in rows}


def sealed_incidents(work: Work, incident_ids: Collection[int]) -> frozenset[int]:
    """Those of them that somebody told of who may be a child."""
    rows = work.session.scalars(
        select(Contact.incident_id).where(
            Contact.incident_id.in_(incident_ids), Contact.may_be_minor_at.is_not(None)
        )
    )
    return frozenset(one for one in rows if one is not None)


def sealed_contacts(work: Work) -> Sequence[SealedContact]:
    """All that are sealed, undecided ones first, the eldest first."""
    rows = work.session.scalars(
        select(Contact).where(Contact.may_be_minor_at.is_not(None)).order_by(Contact.id)
    ).all()
    decided = work.session.scalars(
        select(MinorDecision)
        .where(MinorDecision.contact_id.in_([row.id for row in rows]))
        .order_by(MinorDecision.id)
    ).all()
    found = [
        SealedContact(
            row.ref,
            row.id,
            row.received_at,
            row.may_be_minor_at,
            tuple((one.at, one.decision) for one in decided if one.contact_id == row.id),
        )
        for row in rows
        if row.may_be_minor_at is not None
    ]
    return sorted(found, key=lambda one: not one.waits)


def undecided(work: Work) -> int:
    """How many wait for a named officer's word."""
    settled = select(MinorDecision.contact_id).where(MinorDecision.decision.in_(SETTLED))
    return (
        work.session.scalar(
            select(func.count(Contact.id)).where(
                Contact.may_be_minor_at.is_not(None), Contact.id.not_in(settled)
            )
        )
        or 0
    )
