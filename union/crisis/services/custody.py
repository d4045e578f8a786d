"""The clock of somebody who was taken. Invariant: while it runs, something is due to look at it.

It begins with the report of an arrest or raid, at the hour we heard, until somebody says the true
one. After 12, 20, 23 and 24 hours, and every day after, paralegals and coordinators are told; at
the first warning the case goes to the paralegals. Only a person stops it. Once somebody stands on
the list of those taken, each has hours of her own and this clock is silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.errors import CustodyError, StateError
from union.crisis.models import CustodyClock, Incident
from union.crisis.queries.open import pages_of
from union.crisis.queries.rota import present
from union.crisis.queries.taken import taken_rows
from union.crisis.rules.custody import KEEPS_RUNNING, CustodyEnd, next_warning, passed_warning
from union.crisis.rules.kinds import COMING, AskedAs, Outcome
from union.crisis.services.paging import look_at_the_desk
from union.crisis.services.timeline import a_person, lock_incident, say
from union.identity.queries import people_with_role
from union.infra.outbox import record_fact
from union.infra.timers import Timer, TimerHandler, finish_timers, set_timer, take_timer
from union.kernel.actor import Role
from union.kernel.ids import new_ref
from union.messages.services import send_all

if TYPE_CHECKING:
    from union.infra.work import Work

CUSTODY = "custody"
CUSTODY_TIMER = "crisis_custody"
LONGEST_UNHEARD = timedelta(days=30)


def begin_custody(work: Work, incident: Incident, heard_at: datetime) -> None:
    """Somebody may have been taken: until a person says the hour, the hour we heard stands."""
    if _running(work, incident.id) is None:
        _start(work, incident, heard_at, assumed=True)


def say_taken(work: Work, incident_id: int, taken_at: datetime) -> CustodyClock:
    """The hour at which she was taken; a better one takes the former's place.

    CustodyError for an hour to come, or one more than thirty days ago.
    """
    by = a_person(work)
    now = work.clock.now()
    if not now - LONGEST_UNHEARD <= taken_at <= now:
        raise CustodyError(incident_id=incident_id)
    incident = lock_incident(work, incident_id)
    running = _running(work, incident.id)
    if running is not None:
        _end(work, running, CustodyEnd.CORRECTED, by)
    say(work, incident, "taken_at", at=taken_at.isoformat())
    return _start(work, incident, taken_at, assumed=False)


def end_custody(work: Work, incident_id: int, how: CustodyEnd) -> None:
    """She stood before a magistrate, was let go, or was never taken; StateError if none runs."""
    by = a_person(work)
    incident = lock_incident(work, incident_id)
    running = _running(work, incident.id)
    if running is None or how is CustodyEnd.CORRECTED:
        raise StateError(incident_id=incident_id)
    _end(work, running, how, by)
    say(work, incident, "custody_ended", how=how)


def carry_custody(work: Work, gone: Incident, kept: Incident) -> None:
    """Two are one: the one that stays keeps the earlier hour, said before assumed."""
    by = a_person(work)
    theirs, ours = _running(work, gone.id), _running(work, kept.id)
    if theirs is None:
        return
    _end(work, theirs, CustodyEnd.CORRECTED, by)
    if ours is not None and (ours.assumed, ours.taken_at) <= (theirs.assumed, theirs.taken_at):
        return
    if ours is not None:
        _end(work, ours, CustodyEnd.CORRECTED, by)
    _start(work, kept, theirs.taken_at, assumed=theirs.assumed)


def settle_custody(work: Work, incident: Incident, outcome: Outcome) -> None:
    """It has ended; the clock stops with it, unless she may still be held."""
    running = _running(work, incident.id)
    if running is None or outcome in KEEPS_RUNNING:
        return
    how = CustodyEnd.RELEASED
    if running.assumed and outcome is not Outcome.RELEASED_BY_POLICE:
        how = CustodyEnd.NOT_TAKEN
    _end(work, running, how, a_person(work))
    say(work, incident, "custody_ended", how=how)


def on_custody(work: Work, timer: Timer) -> None:
    """An hour has come at which somebody must look: they are told, and the next one is planned."""
    about = work.session.get_one(CustodyClock, timer.subject_id)
    incident = lock_incident(work, about.incident_id)
    clock = _lock(work, about.id)
    if not take_timer(work, timer) or clock.ended_at is not None:
        return
    hours = passed_warning(clock.taken_at, work.clock.now())
    if hours > clock.warned_hours:
        clock.warned_hours = hours
        if not taken_rows(work.session, incident.id):
            _tell(work, incident, hours)
    _plan(work, clock)


def _tell(work: Work, incident: Incident, hours: int) -> None:
    """Said where nobody stands on the list of those taken; each there has hours of her own."""
    say(work, incident, "custody_warned", hours=hours)
    record_fact(work, "follow_up_needed", incident_id=incident.id)
    send_all(work, [look_at_the_desk(one) for one in _who_must_know(work, incident)])


def _start(work: Work, incident: Incident, taken_at: datetime, *, assumed: bool) -> CustodyClock:
    clock = CustodyClock(
        ref=new_ref(),
        incident_id=incident.id,
        taken_at=taken_at,
        assumed=assumed,
        warned_hours=0,
        made_at=work.clock.now(),
        made_by_person_id=work.actor.person_id,
    )
    work.session.add(clock)
    work.session.flush()
    _plan(work, clock)
    return clock


def _end(work: Work, clock: CustodyClock, how: CustodyEnd, by: int) -> None:
    clock.ended_at, clock.ended_how, clock.ended_by_person_id = work.clock.now(), how, by
    finish_timers(work, CUSTODY, clock.id)


def _plan(work: Work, clock: CustodyClock) -> None:
    """The next hour to look; one long gone by is due at once."""
    set_timer(
        work,
        kind=CUSTODY_TIMER,
        subject_type=CUSTODY,
        subject_id=clock.id,
        due_at=clock.taken_at + timedelta(hours=next_warning(clock.warned_hours)),
    )


def _who_must_know(work: Work, incident: Incident) -> list[int]:
    """The paralegals who came to it, else those on duty; and the coordinators."""
    hers = [
        page.person_id
        for page in pages_of(work.session, incident.id)
        if page.asked_as is AskedAs.PARALEGAL and page.state in COMING
    ]
    law = hers or present(work, people_with_role(work, Role.PARALEGAL))
    return sorted({*law, *present(work, people_with_role(work, Role.COORDINATOR))})


def _running(work: Work, incident_id: int) -> CustodyClock | None:
    return work.session.scalar(
        select(CustodyClock)
        .where(CustodyClock.incident_id == incident_id, CustodyClock.ended_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _lock(work: Work, clock_id: int) -> CustodyClock:
    return work.session.get_one(
        CustodyClock, clock_id, with_for_update=True, populate_existing=True
    )


TIMERS: Mapping[str, TimerHandler] = {CUSTODY_TIMER: on_custody}
"""Who acts when a clock of custody is due."""
