"""Opening a case, from an incident or by hand.

Invariant: an incident has at most one case; a case begins with a key of its own, a next step
with a day, and a timer, in the commit that makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.queries.follow_up import follow_up_of
from union.kernel.errors import NotAllowedError
from union.legal.models import LegalCase
from union.legal.policy import is_paralegal
from union.legal.rules import Act, CaseKind
from union.legal.services.assigning import assign, give_to
from union.legal.services.story import begin_case, plan_look, say
from union.members.queries import all_entries_of, branch_of, kept_entry

if TYPE_CHECKING:
    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case somebody asked for: whose, if she said so, what was done, and a first note."""

    subject_person_id: int | None = None
    acts: tuple[Act, ...] = ()
    note: str = ""


def open_case(work: Work, new: NewCase) -> LegalCase:
    """Open a case by hand; the paralegal who does has it. Nobody opens her own."""
    person_id = work.actor.person_id
    if person_id is None or not is_paralegal(work.actor):
        raise NotAllowedError
    subject_id = new.subject_person_id
    if subject_id is not None and person_id in all_entries_of(work.session, subject_id):
        raise NotAllowedError
    branch = branch_of(work.session, subject_id) if subject_id is not None else None
    case = begin_case(work, CaseKind.AID, subject_id, branch_id=branch.id if branch else None)
    case.acts = [act.value for act in new.acts]
    say(work, case, "opened")
    give_to(work, case, person_id)
    if new.note.strip():
        say(work, case, "note", new.note.strip())
    plan_look(work, case)
    return case


def open_follow_up(work: Work, ids: Mapping[str, int]) -> None:
    """``follow_up_needed``: open the incident's case and find it a paralegal; twice is once."""
    incident = follow_up_of(work.session, ids["incident_id"])
    if incident is None or _case_of(work, incident.incident_id) is not None:
        return
    caller = incident.caller_person_id
    kept = kept_entry(work.session, caller) if caller is not None else None
    subject_id = kept.person_id if kept is not None else caller
    case = begin_case(
        work,
        CaseKind.AID,
        subject_id,
        branch_id=incident.branch_id,
        incident_id=incident.incident_id,
    )
    say(work, case, "opened_from_incident", incident_id=incident.incident_id)
    assign(work, case)
    plan_look(work, case)


def _case_of(work: Work, incident_id: int) -> int | None:
    return work.session.scalar(select(LegalCase.id).where(LegalCase.incident_id == incident_id))
