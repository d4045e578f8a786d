"""Who opened what is kept of a person: every reading that was written down (P3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from union.identity.queries import offices_of
from union.infra.audit import AuditEntry
from union.kernel.actor import Role
from union.legal.models import LegalCase
from union.members.queries import all_entries_of, member_views

if TYPE_CHECKING:
    from union.infra.work import Work

CASE = "legal_case"
OPENED, WAS_OPENED = "opened_", "_opened"
"""How the actions that are readings begin or end, in every domain."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One reading: when, by whom ("" if she is in no register), and what, as a code.

    ``offices`` are those she held at that moment.
    """

    at: datetime
    by: str
    what: str
    offices: tuple[Role, ...]


def openings_of(work: Work, person_id: int, limit: int = 100) -> list[Opening]:
    """What others opened of hers, the latest first.

    A case counts from its first reading, also if it was only later known to be hers.
    """
    ids = all_entries_of(work.session, person_id)
    hers = select(LegalCase.id).where(LegalCase.subject_person_id.in_(ids))
    rows = work.session.scalars(
        select(AuditEntry)
        .where(
            or_(
                AuditEntry.action.startswith(OPENED, autoescape=True),
                AuditEntry.action.endswith(WAS_OPENED, autoescape=True),
            ),
            or_(
                AuditEntry.subject_person_id.in_(ids),
                and_(AuditEntry.object_type == CASE, AuditEntry.object_id.in_(hers)),
            ),
            AuditEntry.actor_person_id.is_distinct_from(person_id),
        )
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    ).all()
    readers = {row.actor_person_id for row in rows if row.actor_person_id}
    names = member_views(work, readers)
    held = offices_of(work, readers)
    return [
        Opening(
            at=row.at,
            by=names[row.actor_person_id].label if row.actor_person_id in names else "",
            what=row.action,
            offices=tuple(
                role
                for role, begun, ended in held.get(row.actor_person_id or 0, ())
                if begun <= row.at and (ended is None or ended > row.at)
            ),
        )
        for row in rows
    ]
