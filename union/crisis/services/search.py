"""Looking for a team. Invariant: an open incident leaves every call here with one timer of its own.

Escalation never ends: the last step is its own successor, and each of its rounds also looks again
for certified people, for shifts change and phones come back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from union.crisis.models import Incident, Page
from union.crisis.queries.open import pages_of, standing
from union.crisis.queries.policies import steps_of
from union.crisis.rules.escalation import Step, next_index
from union.crisis.rules.kinds import AskedAs, IncidentState, PageState
from union.crisis.rules.needs import Needs, shortfall
from union.crisis.rules.progress import coming
from union.crisis.services.asking import ask_step
from union.crisis.services.paging import release_page
from union.crisis.services.timeline import say
from union.infra.timers import finish_timers, set_timer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union.infra.work import Work

STEP = "crisis_step"
WATCH = "crisis_watch"
INCIDENT = "incident"
WATCH_EVERY = timedelta(minutes=30)
HELD_FOR = timedelta(minutes=20)


def begin_search(work: Work, incident: Incident) -> None:
    """Ask the first people of an incident anew, from the first step on."""
    incident.step = 0
    look(work, incident)


def look(
    work: Work, incident: Incident, known: Sequence[Page] | None = None, *, new: bool = False
) -> None:
    """Bring the team up to what is needed; the incident is locked by whoever calls.

    ``known`` are its pages, for whoever has just read or made them; a ``new`` incident has no
    timer yet.
    """
    pages = [*(pages_of(work.session, incident.id) if known is None else known)]
    missing = _missing(incident, pages)
    if not missing:
        _fill(work, incident, pages, new=new)
        return
    if incident.state is IncidentState.FILLED:
        incident.state, incident.filled_at = IncidentState.SEEKING, None
        incident.step = 0
        say(work, incident, "opened_again", missing=dict(missing))
    steps = steps_of(work, incident.policy_id)
    while True:
        step = steps[min(incident.step, len(steps) - 1)]
        asked = ask_step(work, incident, pages, step, missing)
        if asked or _still_waiting(pages) or _is_last(steps, incident.step):
            break
        incident.step = next_index(steps, incident.step)
        say(work, incident, "widened", step=incident.step, who=steps[incident.step].who)
    plan(work, incident, STEP, timedelta(seconds=step.wait_seconds), new=new)


def advance(work: Work, incident: Incident) -> None:
    """The wait of a step is over: who has not answered is silent, and the next step is taken."""
    steps = steps_of(work, incident.policy_id)
    step = steps[min(incident.step, len(steps) - 1)]
    patience = work.clock.now() - timedelta(seconds=step.wait_seconds)
    pages = pages_of(work.session, incident.id)
    for page in pages:
        if page.state is PageState.ASKED and page.asked_at <= patience:
            page.state, page.ended_at = PageState.SILENT, work.clock.now()
            say(work, incident, "silent", page=page)
    if _missing(incident, pages):
        if _is_last(steps, incident.step):
            incident.rounds += 1
        incident.step = next_index(steps, incident.step)
    look(work, incident, pages)


def plan(work: Work, incident: Incident, kind: str, after: timedelta, *, new: bool = False) -> None:
    """Set the incident's one timer; the former ones are finished in the same commit (C1)."""
    if incident.held_until is not None and incident.held_until > work.clock.now():
        after = max(after, incident.held_until - work.clock.now())
    if not new:
        finish_timers(work, INCIDENT, incident.id, (STEP, WATCH))
    set_timer(
        work,
        kind=kind,
        subject_type=INCIDENT,
        subject_id=incident.id,
        due_at=work.clock.now() + after,
        flush=False,
    )


def needs_of(incident: Incident) -> Needs:
    """How many of which role the incident needs."""
    return {AskedAs(role): count for role, count in incident.needs.items()}


def is_full(work: Work, incident: Incident, role: AskedAs) -> bool:
    """Whether enough people of this role are coming."""
    return role not in _missing(incident, pages_of(work.session, incident.id))


def hold(work: Work, incident: Incident, person_id: int) -> None:
    """A coordinator or the duty officer has it in hand for a while; then the search goes on."""
    incident.held_by_person_id = person_id
    incident.held_until = work.clock.now() + HELD_FOR
    say(work, incident, "held", person_id=person_id)
    plan(work, incident, STEP, HELD_FOR)


def _missing(incident: Incident, pages: Sequence[Page]) -> Needs:
    return shortfall(needs_of(incident), coming(standing(pages)))


def _fill(work: Work, incident: Incident, pages: Sequence[Page], *, new: bool) -> None:
    if incident.state is not IncidentState.FILLED:
        incident.state, incident.filled_at = IncidentState.FILLED, work.clock.now()
        say(work, incident, "filled")
        for page in pages:
            if page.shown in (PageState.ASKED, PageState.ACCEPTED):
                release_page(work, incident, page, "enough_are_coming")
    plan(work, incident, WATCH, WATCH_EVERY, new=new)


def _still_waiting(pages: Sequence[Page]) -> bool:
    return any(p.state in (PageState.ASKED, PageState.ACCEPTED) for p in pages)


def _is_last(steps: Sequence[Step], index: int) -> bool:
    return index >= len(steps) - 1
