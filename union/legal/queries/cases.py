"""Reads of cases that open none: codes, dates and branches, never a name or a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from union.crisis.queries.candidates import candidates
from union.crisis.rules.kinds import TeamRole
from union.identity.queries import people_with_role
from union.kernel.actor import Role
from union.kernel.geo import distance_km
from union.legal.models import CaseConsent, CaseReceiver, LegalCase
from union.legal.queries.holders import not_kept_from
from union.legal.rules import CaseKind, CaseState, Helper, Purpose, Step, is_overdue
from union.members.models import Branch

if TYPE_CHECKING:
    from union.infra.work import Work

NO_INCIDENT = 0


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list, by its reference, branch and next step."""

    ref: str
    branch: str
    opened_at: datetime
    from_incident: bool
    step: Step
    next_on: date
    overdue: bool


def case_by_ref(session: Session, ref: str, *, locked: bool = False) -> LegalCase | None:
    """The case of a public reference; ``locked`` holds it, fresh, until the commit."""
    query = select(LegalCase).where(LegalCase.ref == ref)
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def cases_of(work: Work, assignee_person_id: int) -> list[CaseLine]:
    """The open cases of one paralegal, the most pressing first; none that she is kept out of."""
    query = _open().where(
        LegalCase.assignee_person_id == assignee_person_id, not_kept_from(assignee_person_id)
    )
    return lines_of(work, work.session.scalars(query).all())


def unassigned_cases(work: Work) -> list[CaseLine]:
    """The open cases nobody has, the most pressing first; one's own is left out.

    So are complaints, which are offered to nobody, and what the reader is kept out of.
    """
    query = _open().where(
        LegalCase.kind == CaseKind.AID.value,
        not_kept_from(work.actor.person_id),
        LegalCase.assignee_person_id.is_(None),
        LegalCase.subject_person_id.is_distinct_from(work.actor.person_id),
    )
    return lines_of(work, work.session.scalars(query).all())


def complaints_of(work: Work, receiver_person_id: int) -> list[CaseLine]:
    """The open complaints one receives, the most pressing first."""
    query = (
        _open()
        .join(CaseReceiver, CaseReceiver.case_id == LegalCase.id)
        .where(
            CaseReceiver.person_id == receiver_person_id,
            CaseReceiver.ended_at.is_(None),
            not_kept_from(receiver_person_id),
        )
    )
    return lines_of(work, work.session.scalars(query).all())


def consent_stands(session: Session, case_id: int, purpose: Purpose) -> bool:
    """Whether she consented to this purpose and has not taken it back."""
    standing = select(CaseConsent.id).where(
        CaseConsent.case_id == case_id,
        CaseConsent.purpose == purpose.value,
        CaseConsent.withdrawn_at.is_(None),
    )
    return session.scalar(standing.limit(1)) is not None


def helpers_for(work: Work, case: LegalCase, cell: str | None) -> list[Helper]:
    """Everybody who may have cases, with her certificate in force and her load, if any."""
    certified = {
        one.person_id: one
        for one in candidates(work, {TeamRole.PARALEGAL}, case.incident_id or NO_INCIDENT)
    }
    load = {
        row.assignee_person_id: row.cases
        for row in work.session.execute(
            select(LegalCase.assignee_person_id, func.count().label("cases"))
            .where(LegalCase.state == CaseState.OPEN.value)
            .group_by(LegalCase.assignee_person_id)
        )
    }
    found = []
    for person_id in people_with_role(work, Role.PARALEGAL):
        held = certified.get(person_id)
        found.append(
            Helper(
                person_id=person_id,
                certified=held is not None,
                same_branch=held is not None and held.branch_id == case.branch_id,
                km=distance_km(held.cell, cell) if held is not None and cell else None,
                open_cases=load.get(person_id, 0),
            )
        )
    return found


def _open() -> Select[LegalCase]:
    return (
        select(LegalCase)
        .where(LegalCase.state == CaseState.OPEN.value)
        .order_by(LegalCase.next_on, LegalCase.id)
    )


def lines_of(work: Work, cases: Sequence[LegalCase]) -> list[CaseLine]:
    """Cases as lists show them."""
    ids = {case.branch_id for case in cases if case.branch_id}
    branches = {
        row.id: row.name
        for row in work.session.execute(select(Branch.id, Branch.name).where(Branch.id.in_(ids)))
    }
    today = work.clock.today()
    return [
        CaseLine(
            ref=case.ref,
            branch=branches.get(case.branch_id or 0, ""),
            opened_at=case.opened_at,
            from_incident=case.incident_id is not None,
            step=Step(case.next_step or Step.OTHER),
            next_on=case.next_on or today,
            overdue=is_overdue(case.next_on or today, today),
        )
        for case in cases
    ]
