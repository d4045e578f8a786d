"""Who has a case. Invariant: an open case is had by somebody or asked for again within the hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.crisis.queries.follow_up import follow_up_of
from union.infra import audit
from union.infra.timers import Timer, take_timer
from union.kernel.errors import NotAllowedError, NotFoundError
from union.legal.errors import CaseClosedError, CaseTakenError
from union.legal.models import LegalCase
from union.legal.policy import is_paralegal
from union.legal.queries import case_by_ref, helpers_for
from union.legal.rules import CaseState, choose_paralegal, is_overdue
from union.legal.services.story import CASE, own_case, plan_look, say
from union.members.queries import all_entries_of

if TYPE_CHECKING:
    from union.infra.work import Work


def assign(work: Work, case: LegalCase, but: int | None = None) -> bool:
    """Give the case to the nearest certified paralegal, else to any; False if there is none."""
    incident = follow_up_of(work.session, case.incident_id) if case.incident_id else None
    avoid = set(incident.avoid) if incident else set()
    if case.subject_person_id is not None:
        avoid.update(all_entries_of(work.session, case.subject_person_id))
    if but is not None:
        avoid.add(but)
    chosen = choose_paralegal(
        helpers_for(work, case, incident.cell if incident else None), frozenset(avoid)
    )
    if chosen is None:
        return False
    give_to(work, case, chosen)
    return True


def give_to(work: Work, case: LegalCase, person_id: int) -> None:
    """Let somebody have the case from now on."""
    case.assignee_person_id = person_id
    case.assigned_at = work.clock.now()
    work.session.flush()
    say(work, case, "assigned", person_id=person_id)
    audit.log(
        work,
        "case_assigned",
        object_type=CASE,
        object_id=case.id,
        subject_person_id=case.subject_person_id,
    )


def take_case(work: Work, case_ref: str) -> LegalCase:
    """Take a case nobody has; CaseTakenError if somebody was quicker.

    NotAllowedError for somebody named in the conflict, and for her own case.
    """
    case = case_by_ref(work.session, case_ref, locked=True)
    if case is None:
        raise NotFoundError
    if not is_paralegal(work.actor) or work.actor.person_id is None:
        raise NotAllowedError
    if case.state != CaseState.OPEN:
        raise CaseClosedError(case_id=case.id)
    if case.assignee_person_id is not None:
        raise CaseTakenError(case_id=case.id)
    incident = follow_up_of(work.session, case.incident_id) if case.incident_id else None
    hers = case.subject_person_id is not None and work.actor.person_id in all_entries_of(
        work.session, case.subject_person_id
    )
    if hers or (incident is not None and work.actor.person_id in incident.avoid):
        raise NotAllowedError
    give_to(work, case, work.actor.person_id)
    plan_look(work, case)
    return case


def hand_back_case(work: Work, case_ref: str) -> LegalCase:
    """Let the case go to another paralegal, or to the queue that is asked again each hour."""
    case = own_case(work, case_ref)
    case.assignee_person_id, case.assigned_at = None, None
    work.session.flush()
    say(work, case, "handed_back")
    assign(work, case, but=work.actor.person_id)
    plan_look(work, case)
    return case


def look_at_case(work: Work, timer: Timer) -> None:
    """Time to look: a case nobody has is offered again, a step whose day has passed is said so.

    The case keeps a timer for as long as it is open.
    """
    case = work.session.get_one(
        LegalCase, timer.subject_id, with_for_update=True, populate_existing=True
    )
    if not take_timer(work, timer) or case.state != CaseState.OPEN:
        return
    if case.assignee_person_id is None:
        assign(work, case)
    elif case.next_on is not None and is_overdue(case.next_on, work.clock.today()):
        say(work, case, "step_overdue")
    plan_look(work, case)
