"""The clock of somebody who was taken. Invariant: while it runs, something is due to look at it.

It begins with the report of an arrest or raid, at the hour we heard, until somebody says the true
one. After 12, 20, 23 and 24 hours, and every day after, paralegals and coordinators are told; at
the first warning the case goes to the paralegals. Only a person stops it. It runs only while nobody
on the list of those taken has hours of her own: then it passes over to them, with its hour; and if
all of them were listed by mistake it comes back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.errors import CustodyError, CustodyListedError, StateError
from union.crisis.models import CustodyClock, Incident, Taken
from union.crisis.queries.custody import anybody_has_hours, telling_clock
from union.crisis.queries.open import pages_of
from union.crisis.queries.rota import present
from union.crisis.queries.taken import family_of, taken_rows
from union.crisis.rules.custody import KEEPS_RUNNING, CustodyEnd, next_warning, passed_warning
from union.crisis.rules.kinds import COMING, AskedAs, Outcome
from union.crisis.rules.taken import Change, Source, Standing, clock_runs
from union.crisis.services.paging import look_at_the_desk
from union.crisis.services.taken_clock import keep_clock
from union.crisis.services.taken_story import Line, write
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
_BY_ITSELF = (CustodyEnd.CORRECTED, CustodyEnd.LISTED)


def begin_custody(work: Work, incident: Incident, heard_at: datetime) -> None:
    """Somebody may have been taken: until a person says the hour, the hour we heard stands."""
    if not _running(work, incident) and not anybody_has_hours(work, incident.id):
        _start(work, incident, heard_at, assumed=True)


def say_taken(work: Work, incident_id: int, taken_at: datetime) -> CustodyClock:
    """The hour at which she was taken; a better one takes the former's place.

    Said of an incident that was joined it is said of the one that was kept. CustodyError for an
    hour to come, or one more than thirty days ago; CustodyListedError where those on the list have
    hours of their own, each said there.
    """
    by = a_person(work)
    now = work.clock.now()
    if not now - LONGEST_UNHEARD <= taken_at <= now:
        raise CustodyError(incident_id=incident_id)
    incident = _root(work, lock_incident(work, incident_id))
    if anybody_has_hours(work, incident.id):
        raise CustodyListedError(incident_id=incident_id)
    for running in _running(work, incident):
        _end(work, running, CustodyEnd.CORRECTED, by)
    say(work, incident, "taken_at", at=taken_at.isoformat())
    return _start(work, incident, taken_at, assumed=False)


def end_custody(work: Work, incident_id: int, how: CustodyEnd) -> None:
    """She stood before a magistrate, was let go, or was never taken; StateError if none runs."""
    by = a_person(work)
    incident = _root(work, lock_incident(work, incident_id))
    running = _running(work, incident)
    if not running or how in _BY_ITSELF:
        raise StateError(incident_id=incident_id)
    for one in running:
        _end(work, one, how, by)
    say(work, incident, "custody_ended", how=how)


def carry_custody(work: Work, kept: Incident) -> None:
    """Two are one: the one that stays keeps the earlier hour, said before assumed.

    Where somebody on either list has hours of her own, both clocks pass over.
    """
    by = a_person(work)
    work.session.flush()
    if anybody_has_hours(work, kept.id):
        _pass_over(work, kept, taken_rows(work.session, kept.id))
        return
    running = _running(work, kept)
    for one in running:
        if one is not running[0] or one.incident_id != kept.id:
            _end(work, one, CustodyEnd.CORRECTED, by)
    if running and running[0].incident_id != kept.id:
        _start(work, kept, running[0].taken_at, assumed=running[0].assumed)


def hour_of(work: Work, incident: Incident) -> tuple[datetime, bool, int]:
    """When somebody of this incident was taken, whether nobody said so, and the last warning.

    As its own clock tells it, running or passed over to the list; else the hour of the call.
    """
    clock = telling_clock(work, incident.id)
    if clock is None or clock.ended_how not in (None, CustodyEnd.LISTED):
        return incident.opened_at, True, 0
    return clock.taken_at, clock.assumed, clock.warned_hours


def follow_list(work: Work, incident: Incident) -> None:
    """Bring the incident's own clock in line with its list, in the commit that changes the list.

    With anybody's hours running it passes over; with all of them listed by mistake it comes back.
    """
    root = _root(work, incident)
    work.session.flush()
    rows = taken_rows(work.session, root.id)
    if any(clock_runs(one.standing, one.produced_at) for one in rows):
        _pass_over(work, root, rows)
    elif all(one.standing is Standing.NOT_TAKEN for one in rows):
        _come_back(work, root, rows)


def _pass_over(work: Work, incident: Incident, rows: Sequence[Taken]) -> None:
    """Each of whom nobody said a better hour takes the clock's; then all that run end.

    Of several, as where some of the incidents joined have one each, it is the best known hour.
    """
    running = _running(work, incident)
    if not running:
        return
    clock = running[0]
    for one in rows:
        if one.assumed and (clock.assumed, clock.taken_at) < (one.assumed, one.taken_at):
            one.taken_at, one.assumed = clock.taken_at, clock.assumed
            one.warned_hours = clock.warned_hours
            write(work, one, Line(Change.TAKEN_AT, Source.CALLER, clock.taken_at))
            keep_clock(work, one, anew=True)
    for each in running:
        _end(work, each, CustodyEnd.LISTED, a_person(work))


def _come_back(work: Work, incident: Incident, rows: Sequence[Taken]) -> None:
    """Nobody on the list was taken after all, and nobody said so of the incident: it runs on."""
    clock = telling_clock(work, incident.id)
    if clock is None or clock.ended_how is not CustodyEnd.LISTED:
        return
    warned = max((one.warned_hours for one in rows), default=0)
    _start(
        work,
        incident,
        clock.taken_at,
        assumed=clock.assumed,
        warned_hours=max(clock.warned_hours, warned),
    )
    say(work, incident, "custody_back")


def settle_custody(work: Work, incident: Incident, outcome: Outcome) -> None:
    """It has ended; the clock stops with it, unless she may still be held."""
    running = _running(work, incident)
    if not running or outcome in KEEPS_RUNNING:
        return
    how = CustodyEnd.RELEASED
    if running[0].assumed and outcome is not Outcome.RELEASED_BY_POLICE:
        how = CustodyEnd.NOT_TAKEN
    for one in running:
        _end(work, one, how, a_person(work))
    say(work, incident, "custody_ended", how=how)


def on_custody(work: Work, timer: Timer) -> None:
    """An hour has come at which somebody must look: they are told, and the next one is planned."""
    about = work.session.get_one(CustodyClock, timer.subject_id)
    incident = _root(work, lock_incident(work, about.incident_id))
    clock = _lock(work, about.id)
    if not take_timer(work, timer) or clock.ended_at is not None:
        return
    hours = passed_warning(clock.taken_at, work.clock.now())
    if hours > clock.warned_hours:
        clock.warned_hours = hours
        _tell(work, incident, hours)
    _plan(work, clock)


def _tell(work: Work, incident: Incident, hours: int) -> None:
    say(work, incident, "custody_warned", hours=hours)
    record_fact(work, "follow_up_needed", incident_id=incident.id)
    send_all(work, [look_at_the_desk(one) for one in _who_must_know(work, incident)])


def _start(
    work: Work, incident: Incident, taken_at: datetime, *, assumed: bool, warned_hours: int = 0
) -> CustodyClock:
    clock = CustodyClock(
        ref=new_ref(),
        incident_id=incident.id,
        taken_at=taken_at,
        assumed=assumed,
        warned_hours=warned_hours,
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


def _root(work: Work, incident: Incident) -> Incident:
    """The incident this one was joined to, or itself, locked."""
    while incident.merged_into_id is not None:
        incident = lock_incident(work, incident.merged_into_id)
    return incident


def _running(work: Work, incident: Incident) -> Sequence[CustodyClock]:
    """What runs of it and of all joined to it: said before assumed, the earlier before the later.

    Of two that tell the same, its own comes first.
    """
    return work.session.scalars(
        select(CustodyClock)
        .where(
            CustodyClock.incident_id.in_(family_of(work.session, incident.id)),
            CustodyClock.ended_at.is_(None),
        )
        .order_by(
            CustodyClock.assumed,
            CustodyClock.taken_at,
            CustodyClock.incident_id != incident.id,
            CustodyClock.id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _lock(work: Work, clock_id: int) -> CustodyClock:
    return work.session.get_one(
        CustodyClock, clock_id, with_for_update=True, populate_existing=True
    )


TIMERS: Mapping[str, TimerHandler] = {CUSTODY_TIMER: on_custody}
"""Who acts when a clock of custody is due."""
