"""The 24 hours of each taken person. Invariant: while they run, something is due to look at them.

At each hour of warning the paralegals, the coordinators and the team on the spot are told once for
all of one incident, and the case is with the paralegals. Only a person's word stops a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Incident, Taken
from union.crisis.queries.rota import operators_on, present
from union.crisis.queries.taken import on_the_spot, taken_rows
from union.crisis.rules.custody import next_warning, passed_warning
from union.crisis.rules.taken import Change, clock_runs
from union.crisis.services.paging import look_at_the_desk
from union.crisis.services.taken_story import Line, lock_taken, write
from union.crisis.services.timeline import say
from union.identity.queries import people_with_role
from union.infra.outbox import record_fact
from union.infra.timers import Timer, TimerHandler, finish_timers, set_timer, take_timer
from union.kernel.actor import Role
from union.messages.services import send_all

if TYPE_CHECKING:
    from union.infra.work import Work

TAKEN = "taken"
TAKEN_TIMER = "crisis_taken"


def keep_clock(work: Work, taken: Taken, *, anew: bool = False) -> None:
    """Begin, go on with or stop her hours, as where she stands asks for; ``anew`` plans afresh."""
    runs = clock_runs(taken.standing, taken.produced_at)
    if anew or not runs:
        finish_timers(work, TAKEN, taken.id)
    if runs and not _is_planned(work, taken):
        _plan(work, taken)


def on_taken(work: Work, timer: Timer) -> None:
    """An hour has come at which somebody must look; told once for all whose hour has come."""
    incident, taken = lock_taken(work, timer.subject_id)
    if not take_timer(work, timer) or not clock_runs(taken.standing, taken.produced_at):
        return
    if passed_warning(taken.taken_at, work.clock.now()) > taken.warned_hours:
        hours = _warn_all(work, incident)
        say(work, incident, "taken_warned", hours=hours)
        record_fact(work, "follow_up_needed", incident_id=incident.id)
        send_all(work, [look_at_the_desk(one) for one in _who_must_know(work, incident)])
    if not _is_planned(work, taken):
        _plan(work, taken)


def _warn_all(work: Work, incident: Incident) -> int:
    """Everybody of this incident whose hour has gone by is warned of now; the longest hours."""
    longest = 0
    for one in taken_rows(work.session, incident.id):
        hours = passed_warning(one.taken_at, work.clock.now())
        if not clock_runs(one.standing, one.produced_at) or hours <= one.warned_hours:
            continue
        one.warned_hours, longest = hours, max(hours, longest)
        write(work, one, Line(Change.WARNED), hours=hours)
        finish_timers(work, TAKEN, one.id)
        _plan(work, one)
    return longest


def _plan(work: Work, taken: Taken) -> None:
    set_timer(
        work,
        kind=TAKEN_TIMER,
        subject_type=TAKEN,
        subject_id=taken.id,
        due_at=taken.taken_at + timedelta(hours=next_warning(taken.warned_hours)),
    )


def _is_planned(work: Work, taken: Taken) -> bool:
    waiting = select(Timer.id).where(
        Timer.subject_type == TAKEN, Timer.subject_id == taken.id, Timer.done_at.is_(None)
    )
    return work.session.scalar(waiting.limit(1)) is not None


def _who_must_know(work: Work, incident: Incident) -> list[int]:
    """The desk, the paralegals and coordinators who are not away, and the team on the spot."""
    roles = (Role.PARALEGAL, Role.COORDINATOR)
    office = {one for role in roles for one in present(work, people_with_role(work, role))}
    desk = operators_on(work, work.clock.now())
    return sorted({*office, *desk, *on_the_spot(work.session, incident.id)})


TIMERS: Mapping[str, TimerHandler] = {TAKEN_TIMER: on_taken}
"""Who acts when somebody's hours are due to be looked at."""
