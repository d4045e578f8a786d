"""Suspending and reinstating. Invariant: a person decides, and only what the rule proposes.

The database refuses it on the day a register came in, and to whoever it is about.
"""

from __future__ import annotations

from union.dues.errors import NotProposedError
from union.dues.models import StandingEvent
from union.dues.queries.rules import rule_on
from union.dues.queries.standing import StandingView, standing_of
from union.dues.rules.standing import Proposal
from union.dues.services.locks import STANDING_LOCK, hold
from union.infra import audit
from union.infra.outbox import record_fact
from union.infra.people import is_present
from union.infra.work import Work
from union.kernel.errors import NotAllowedError
from union.kernel.ids import new_ref

_WHAT = {Proposal.SUSPEND: "suspended", Proposal.REINSTATE: "reinstated"}


def decide_standing(work: Work, person_id: int, what: Proposal) -> StandingEvent:
    """Suspend or reinstate a member (the kept entry), as of today.

    NotProposedError if the rule does not propose it (any more); reinstating is open at any time
    to whoever may decide. NotAllowedError for oneself or for no person at all.
    """
    by = work.actor.person_id
    if by is None or is_present(work, person_id):
        raise NotAllowedError
    hold(work, STANDING_LOCK, person_id)
    today = work.clock.today()
    view = standing_of(work, person_id, today)
    if not _may(view, what):
        raise NotProposedError
    event = StandingEvent(
        ref=new_ref(),
        person_id=person_id,
        what=_WHAT[what],
        on_day=today,
        months_behind=view.months_behind,
        rule_id=rule_on(work.session, today).id,
        made_at=work.clock.now(),
        made_by=by,
    )
    work.session.add(event)
    work.session.flush()
    audit.log(
        work,
        f"member_{event.what}",
        object_type="dues_standing_event",
        object_id=event.id,
        subject_person_id=person_id,
    )
    record_fact(work, "standing_decided", event_id=event.id)
    return event


def _may(view: StandingView, what: Proposal) -> bool:
    if what is Proposal.REINSTATE:
        return view.facts.suspended
    return view.proposal is Proposal.SUSPEND
