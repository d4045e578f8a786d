"""Somebody is with her: a lease that she who stays says again and again, and never a state.

Invariant: while somebody is written down as with her, something will ask whether she still is; who
says nothing more is not taken to be there, and others are told. Nothing here ends an incident.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.errors import StateError
from union.crisis.models import Incident, Page, Staying
from union.crisis.queries.rota import duty_officers_on, operators_on
from union.crisis.rules.kinds import LIVE_PAGE, AskedAs
from union.crisis.services.paging import look_at_the_desk
from union.crisis.services.timeline import a_person, lock_incident, say
from union.infra.timers import Timer, finish_timers, set_timer, take_timer
from union.messages.services import send_all

if TYPE_CHECKING:
    from union.infra.work import Work

STAYING = "staying"
STAYING_TIMER = "crisis_staying"
STAYS_FOR = timedelta(minutes=10)
"""How long one word of hers holds: long enough to talk, too short to forget somebody."""


def stay_with_her(work: Work, incident_id: int) -> Staying:
    """I am with her, on the line or beside her; said again, it holds on. Another takes over."""
    by = a_person(work)
    incident = lock_incident(work, incident_id, still_open=True)
    staying = who_stays(work, incident_id)
    until = work.clock.now() + STAYS_FOR
    if staying is not None and staying.person_id == by:
        staying.until = until
        _look_again(work, staying)
        return staying
    if staying is not None:
        _end(work, staying, "handed_on")
    begun = Staying(incident_id=incident_id, person_id=by, since=work.clock.now(), until=until)
    work.session.add(begun)
    work.session.flush()
    _look_again(work, begun)
    say(work, incident, "with_her", person_id=by)
    return begun


def leave_her(work: Work, incident_id: int) -> None:
    """I am no longer with her; StateError unless I was. The others are told at once."""
    by = a_person(work)
    incident = lock_incident(work, incident_id)
    staying = who_stays(work, incident_id)
    if staying is None or staying.person_id != by:
        raise StateError(incident_id=incident_id)
    _end(work, staying, "left")
    say(work, incident, "left_her", person_id=by)
    _tell_others(work, incident)


def on_staying(work: Work, timer: Timer) -> None:
    """She who was with her has not said it again."""
    staying = work.session.get_one(Staying, timer.subject_id)
    incident = lock_incident(work, staying.incident_id)
    work.session.refresh(staying, with_for_update=True)
    if not take_timer(work, timer) or staying.ended_at is not None:
        return
    _end(work, staying, "ran_out")
    say(work, incident, "nobody_with_her", person_id=staying.person_id)
    _tell_others(work, incident)


def who_stays(work: Work, incident_id: int) -> Staying | None:
    """Who is with her now, as far as she said."""
    return work.session.scalar(
        select(Staying).where(Staying.incident_id == incident_id, Staying.ended_at.is_(None))
    )


def _end(work: Work, staying: Staying, how: str) -> None:
    staying.ended_at, staying.ended_how = work.clock.now(), how
    work.session.flush()
    finish_timers(work, STAYING, staying.id)


def _look_again(work: Work, staying: Staying) -> None:
    finish_timers(work, STAYING, staying.id)
    set_timer(
        work,
        kind=STAYING_TIMER,
        subject_type=STAYING,
        subject_id=staying.id,
        due_at=staying.until,
    )


def _tell_others(work: Work, incident: Incident) -> None:
    """The counsellors who were asked, the operators of the hour and the duty officer."""
    asked = work.session.scalars(
        select(Page.person_id).where(
            Page.incident_id == incident.id,
            Page.asked_as == AskedAs.COUNSELLOR,
            Page.state.in_(LIVE_PAGE),
        )
    ).all()
    now = work.clock.now()
    people = [*asked, *operators_on(work, now), *duty_officers_on(work, now)]
    send_all(work, [look_at_the_desk(one) for one in dict.fromkeys(people)])
