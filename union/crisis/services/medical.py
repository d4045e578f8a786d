"""Clocks of medicine. Invariant: one runs only with her consent, kept by somebody who was with her.

While it runs, something is due that reminds its keeper, in words that say nothing, and that looks
whether she can still carry it (``handing_on``); nobody else learns what it is for, and once it
stops nobody does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from union.crisis.errors import ConsentError, MedicalHourError, NotWithHerError, StateError
from union.crisis.models import Incident, Page
from union.crisis.models.after import MedicalClock
from union.crisis.policy import may_call_lapsed
from union.crisis.queries.after import WHAT, WHOM, care_of, was_with_her
from union.crisis.queries.rota import in_charge_of_rota, present
from union.crisis.rules.medical import (
    NEARLY_OVER,
    Care,
    CareEnd,
    guideline_on,
    next_look,
    passed,
)
from union.crisis.services.handing_on import (
    CLOCK,
    CLOCK_TIMER,
    ask_no_more,
    carry_look,
    look_soon,
)
from union.crisis.services.timeline import a_person, lock_incident, say
from union.infra.timers import Timer, TimerHandler, finish_timers, set_timer, take_timer
from union.kernel.errors import NotAllowedError
from union.kernel.ids import new_ref
from union.messages.services import send_all

if TYPE_CHECKING:
    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class NewClock:
    """What is to be kept in mind, since when, whether she wants it; ``whom``: whose, if many."""

    care: Care
    since_at: datetime
    she_wants: bool
    whom: str | None = field(default=None, repr=False)


def begin_clock(work: Work, page_id: int, new: NewClock) -> MedicalClock | None:
    """Keep one in mind for her; None where the keeper is forced, who must see no difference.

    ConsentError without her yes, NotWithHerError from whoever was not with her, MedicalHourError
    for an hour to come or one so long ago that nothing is left to keep.
    """
    by = a_person(work)
    page = work.session.get_one(Page, page_id)
    if page.person_id != by:
        raise NotAllowedError
    incident = lock_incident(work, page.incident_id)
    if page.duress_at is not None:
        return None
    if not new.she_wants:
        raise ConsentError(incident_id=incident.id)
    if not was_with_her(work, incident.id, by):
        raise NotWithHerError(incident_id=incident.id)
    now = work.clock.now()
    held = guideline_on(new.care, new.since_at.astimezone(work.clock.zone).date())
    if not now - timedelta(hours=held.hours) < new.since_at <= now:
        raise MedicalHourError(incident_id=incident.id)
    ref = new_ref()
    whom = (new.whom or "").strip()
    clock = MedicalClock(
        ref=ref,
        incident_id=incident.id,
        what=work.vault.encrypt(incident.key_ref, WHAT, ref, new.care),
        whom=work.vault.encrypt(incident.key_ref, WHOM, ref, whom) if whom else None,
        since_at=new.since_at,
        she_wants=new.she_wants,
        kept_by_person_id=by,
        told_hours=passed(new.since_at, now, held.hours),
        made_at=now,
    )
    work.session.add(clock)
    work.session.flush()
    _plan(work, clock, held.hours, carry_look(work, clock))
    say(work, incident, "clock_begun")
    return clock


def end_clock(work: Work, clock_id: int, how: CareEnd) -> None:
    """She had it, or does not want it; only its keeper or somebody in charge may say so.

    StateError if it has stopped; what it was for is forgotten in the same commit.
    """
    by = a_person(work)
    incident, clock = _lock(work, clock_id)
    if clock.kept_by_person_id != by and not may_call_lapsed(work.actor):
        raise NotAllowedError
    if clock.ended_at is not None or how is CareEnd.RAN_OUT:
        raise StateError(incident_id=incident.id)
    _stop(work, incident, clock, how, by)


def on_clock(work: Work, timer: Timer) -> None:
    """An hour has come: its keeper is reminded; near the end those in charge are told too.

    And who carries it is looked at: whose hours are over, or who cannot, hands it on.
    """
    incident, clock = _lock(work, timer.subject_id)
    if not take_timer(work, timer) or clock.ended_at is not None:
        return
    hours = care_of(work, clock, incident).hours
    now, over = work.clock.now(), clock.since_at + timedelta(hours=hours)
    if now >= over:
        _stop(work, incident, clock, CareEnd.RAN_OUT, None)
        return
    gone = passed(clock.since_at, now, hours)
    if gone > clock.told_hours:
        clock.told_hours = gone
        told = [clock.kept_by_person_id]
        if over - now <= NEARLY_OVER:
            told += present(work, in_charge_of_rota(work))
        send_all(work, [look_soon(person_id) for person_id in sorted(set(told))])
    _plan(work, clock, hours, carry_look(work, clock))


def _plan(work: Work, clock: MedicalClock, hours: int, carried_until: datetime) -> None:
    """One timer for both: the next reminder, and the next look at who carries it."""
    reminder = clock.since_at + timedelta(hours=next_look(clock.told_hours, hours))
    finish_timers(work, CLOCK, clock.id)
    set_timer(
        work,
        kind=CLOCK_TIMER,
        subject_type=CLOCK,
        subject_id=clock.id,
        due_at=min(reminder, carried_until),
    )


def _stop(
    work: Work, incident: Incident, clock: MedicalClock, how: CareEnd, by: int | None
) -> None:
    clock.ended_at, clock.ended_how, clock.ended_by_person_id = work.clock.now(), how, by
    clock.what = clock.whom = None
    ask_no_more(work, clock)
    finish_timers(work, CLOCK, clock.id)
    say(work, incident, "clock_ended")


def _lock(work: Work, clock_id: int) -> tuple[Incident, MedicalClock]:
    incident = lock_incident(work, work.session.get_one(MedicalClock, clock_id).incident_id)
    clock = work.session.get_one(
        MedicalClock, clock_id, with_for_update=True, populate_existing=True
    )
    return incident, clock


TIMERS: Mapping[str, TimerHandler] = {CLOCK_TIMER: on_clock}
"""Who acts when a clock of medicine is due."""
