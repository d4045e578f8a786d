"""The end of an incident. Invariant (C3): only who saw the caller, or heard her safe word, closes.

The outcome says whether it ended as she wished, and the team is let go in the same commit.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from union.crisis.errors import (
    NoSafeWordError,
    NoWordLeftError,
    SafeWordError,
    StillHeldError,
    WitnessError,
    WitnessKnowsError,
)
from union.crisis.models import Incident, Page
from union.crisis.queries.open import pages_of
from union.crisis.queries.taken import still_held
from union.crisis.rules.kinds import (
    IN_CHARGE,
    LIVE_PAGE,
    AsSheWished,
    ClosedBy,
    DealtHow,
    IncidentState,
    Outcome,
    PageState,
    WitnessKnows,
)
from union.crisis.services.contacts import deal_with
from union.crisis.services.custody import settle_custody
from union.crisis.services.incidents import safe_word_hash
from union.crisis.services.paging import PAGE, release_page
from union.crisis.services.search import INCIDENT, STEP, WATCH
from union.crisis.services.timeline import a_person, lock_incident, say
from union.crisis.services.together import undealt_of
from union.infra.outbox import record_fact
from union.infra.timers import finish_timers, set_timer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union.infra.work import Work

DEBRIEF = "crisis_debrief"
DEBRIEF_WITHIN = timedelta(days=2)
NEEDS_FOLLOW_UP = frozenset({Outcome.STILL_HELD})


@dataclass(frozen=True, slots=True)
class Closing:
    """How it ended. ``witness_person_id`` saw her; for a safe word it is whoever heard it."""

    how: ClosedBy
    outcome: Outcome
    as_she_wished: AsSheWished
    witness_person_id: int
    safe_word: str | None = field(default=None, repr=False)
    words: str | None = field(default=None, repr=False)
    follow_up: bool = False
    knows: WitnessKnows | None = None


def close_incident(work: Work, incident_id: int, closing: Closing) -> Incident:
    """Close; WitnessError or SafeWordError where nobody of ours knows that she is well.

    Somebody in charge who only says "I am there" must say how she saw her (WitnessKnowsError).
    While one on the list of those taken is held, only handed over (StillHeldError).

    Whoever ends it has thereby dealt with every call that is surely about it; one that only
    looked alike keeps waiting for a person.
    """
    by = a_person(work)
    told = undealt_of(work, incident_id)
    incident = lock_incident(work, incident_id, still_open=True)
    pages = pages_of(work.session, incident.id)
    if closing.how is ClosedBy.SAW_HER:
        _check_witness(incident, pages, closing)
    else:
        _check_word(work, incident, closing.safe_word or "")
    follow_up = closing.follow_up or closing.outcome in NEEDS_FOLLOW_UP
    if not follow_up and still_held(work.session, incident.id):
        raise StillHeldError(incident_id=incident.id)
    for page in pages:
        if page.shown in LIVE_PAGE and page.shown is not PageState.ARRIVED:
            release_page(work, incident, page, "over")
        elif page.state is PageState.ARRIVED:
            page.ended_at = work.clock.now()
            finish_timers(work, PAGE, page.id)
    incident.state = IncidentState.CLOSED
    incident.closed_at, incident.closed_by_person_id = work.clock.now(), by
    incident.closed_how, incident.witness_person_id = closing.how, closing.witness_person_id
    incident.witness_knows = closing.knows if closing.how is ClosedBy.SAW_HER else None
    incident.outcome, incident.as_she_wished = closing.outcome, closing.as_she_wished
    incident.follow_up = follow_up
    say(
        work,
        incident,
        "closed",
        words=closing.words,
        outcome=closing.outcome,
        as_she_wished=closing.as_she_wished,
        how=closing.how,
    )
    for contact in told:
        deal_with(work, contact.id, DealtHow.ATTACHED)
    settle_custody(work, incident, closing.outcome)
    _after(work, incident)
    return incident


def _after(work: Work, incident: Incident) -> None:
    for kind in (STEP, WATCH):
        finish_timers(work, INCIDENT, incident.id, kind)
    set_timer(
        work,
        kind=DEBRIEF,
        subject_type=INCIDENT,
        subject_id=incident.id,
        due_at=work.clock.now() + DEBRIEF_WITHIN,
    )
    record_fact(work, "incident_closed", incident_id=incident.id)
    if incident.follow_up:
        record_fact(work, "follow_up_needed", incident_id=incident.id)


def _check_witness(incident: Incident, pages: Sequence[Page], closing: Closing) -> None:
    """She was there; where only as somebody in charge, she also says how she saw the caller."""
    hers = [
        page
        for page in pages
        if page.person_id == closing.witness_person_id
        and page.arrived_at is not None
        and page.duress_at is None
    ]
    if not hers:
        raise WitnessError(incident_id=incident.id)
    if closing.knows is None and all(page.asked_as in IN_CHARGE for page in hers):
        raise WitnessKnowsError(incident_id=incident.id)


def _check_word(work: Work, incident: Incident, word: str) -> None:
    if incident.safe_word_hash is None:
        raise NoWordLeftError(incident_id=incident.id)
    if not word.strip():
        raise NoSafeWordError(incident_id=incident.id)
    left = incident.safe_word_hash
    if not hmac.compare_digest(left, safe_word_hash(work, incident, word)):
        raise SafeWordError(incident_id=incident.id)
