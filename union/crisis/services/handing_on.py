"""A clock of medicine changes hands. Invariant: somebody carries it until another said yes herself.

When her hours end, or she cannot, the one named next is asked; until somebody said yes, those in
charge are told again and again. Whoever was not with her is named only with her yes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from union.crisis.errors import AnsweredError, ConsentError, StateError
from union.crisis.models.after import MedicalClock, MedicalHandover
from union.crisis.policy import may_call_lapsed
from union.crisis.queries.after import is_forced, was_with_her
from union.crisis.queries.handing_on import (
    can_carry,
    carries_until,
    could_carry,
    open_handover,
)
from union.crisis.queries.rota import in_charge_of_rota, present
from union.crisis.rules.medical import HandedOn
from union.crisis.services.force import alarm
from union.crisis.services.timeline import a_person, lock_incident, say
from union.infra.timers import finish_timers, set_timer
from union.kernel.errors import NotAllowedError
from union.kernel.ids import new_ref
from union.messages.services import Outgoing, send_all

if TYPE_CHECKING:
    from datetime import datetime

    from union.crisis.models import Incident
    from union.infra.work import Work

CLOCK = "medical_clock"
CLOCK_TIMER = "crisis_medical"
LOOK_EVERY = timedelta(hours=1)
"""So often at least somebody looks whether whoever carries it still can."""

TOLD_AGAIN = timedelta(minutes=30)
"""So often the one who is asked, and those in charge, are told until somebody said yes."""


@dataclass(frozen=True, slots=True)
class Next:
    """Who carries it next; ``she_agrees`` where that one was not with her; ``at_once`` or later."""

    person_id: int
    she_agrees: bool = False
    at_once: bool = False


def look_soon(person_id: int) -> Outgoing:
    """Words that lead somebody to her list at any hour, and say nothing else."""
    return Outgoing(purpose="page", template="desk", channels=("push", "sms"), person_id=person_id)


def name_next(work: Work, clock_id: int, named: Next) -> MedicalHandover:
    """The keeper, or somebody in charge, says who carries it next.

    Asked when the keeper's hours are over or she cannot, or ``at_once``. NotAllowedError for
    anybody who could not carry it; ConsentError for one who was not with her without her yes.
    """
    by = a_person(work)
    clock = _lock(work, clock_id)
    if clock.kept_by_person_id != by and not may_call_lapsed(work.actor):
        raise NotAllowedError
    if named.person_id not in could_carry(work, clock):
        raise NotAllowedError
    there = was_with_her(work, clock.incident_id, named.person_id)
    if not there and not named.she_agrees:
        raise ConsentError(incident_id=clock.incident_id)
    former = open_handover(work, clock.id)
    asks = named.at_once or (former is not None and former.asked_at is not None)
    _answer(work, former, HandedOn.ANOTHER)
    row = _open(work, clock, named.person_id, she_agrees=named.she_agrees and not there)
    row.asked_at = work.clock.now() if asks else None
    _look_now(work, clock)
    return row


def answer_handover(work: Work, handover_id: int, *, yes: bool) -> None:
    """She carries it on, or cannot; her own word alone. AnsweredError if it is no more asked.

    Under force a yes is a no that looks like a yes, and those in charge are told.
    """
    by = a_person(work)
    clock = _lock(work, work.session.get_one(MedicalHandover, handover_id).clock_id)
    row = work.session.get_one(MedicalHandover, handover_id, populate_existing=True)
    if row.to_person_id != by:
        raise NotAllowedError
    if row.answered_at is not None or row.asked_at is None:
        raise AnsweredError
    if yes and is_forced(work, clock.incident_id, by):
        alarm(work, _joined_to(work, clock.incident_id))
        yes = False
    _answer(work, row, HandedOn.YES if yes else HandedOn.NO)
    if yes:
        clock.kept_by_person_id = by
        incident = lock_incident(work, clock.incident_id)
        say(work, incident, "clock_handed_on")
    else:
        _open(work, clock, None).asked_at = work.clock.now()
    _look_now(work, clock)


def keep_on(work: Work, clock_id: int) -> None:
    """Whoever carries it goes on with it herself; nobody is asked any more.

    Under force it looks so and another is asked all the same; those in charge are told.
    """
    by = a_person(work)
    clock = _lock(work, clock_id)
    if clock.kept_by_person_id != by:
        raise NotAllowedError
    if is_forced(work, clock.incident_id, by):
        alarm(work, _joined_to(work, clock.incident_id))
        return
    if open_handover(work, clock.id) is None:
        raise StateError(incident_id=clock.incident_id)
    ask_no_more(work, clock)
    _look_now(work, clock)


def carry_look(work: Work, clock: MedicalClock) -> datetime:
    """Whether it must change hands now; asks and tells if so. When to look again."""
    now = work.clock.now()
    row = open_handover(work, clock.id)
    if row is None or row.asked_at is None:
        until = carries_until(work, clock)
        if can_carry(work, clock) and (until is None or now < until):
            return min(now + LOOK_EVERY, until or now + LOOK_EVERY)
        row = row or _open(work, clock, None)
        row.asked_at = now
    told = {*present(work, in_charge_of_rota(work))}
    if row.to_person_id is not None:
        told.add(row.to_person_id)
    send_all(work, [look_soon(one) for one in sorted(told)])
    return now + TOLD_AGAIN


def ask_no_more(work: Work, clock: MedicalClock) -> None:
    """It need not be handed on any more."""
    _answer(work, open_handover(work, clock.id), HandedOn.OVER)


def _open(
    work: Work, clock: MedicalClock, person_id: int | None, *, she_agrees: bool = False
) -> MedicalHandover:
    row = MedicalHandover(
        ref=new_ref(),
        clock_id=clock.id,
        from_person_id=clock.kept_by_person_id,
        to_person_id=person_id,
        she_agrees=she_agrees,
        named_at=work.clock.now(),
        named_by_person_id=work.actor.person_id,
    )
    work.session.add(row)
    work.session.flush()
    return row


def _answer(work: Work, row: MedicalHandover | None, answer: HandedOn) -> None:
    """Written at once, for the clock may only follow a yes that stands."""
    if row is not None:
        row.answered_at, row.answer = work.clock.now(), answer
        row.answered_by_person_id = work.actor.person_id
        work.session.flush()


def _look_now(work: Work, clock: MedicalClock) -> None:
    """Whatever was planned: the clock looks as soon as this is committed, and plans anew."""
    finish_timers(work, CLOCK, clock.id)
    now = work.clock.now()
    set_timer(work, kind=CLOCK_TIMER, subject_type=CLOCK, subject_id=clock.id, due_at=now)


def _joined_to(work: Work, incident_id: int) -> Incident:
    """The incident whose pages they are, locked; itself where it was joined to none."""
    incident = lock_incident(work, incident_id)
    while incident.merged_into_id is not None:
        incident = lock_incident(work, incident.merged_into_id)
    return incident


def _lock(work: Work, clock_id: int) -> MedicalClock:
    """Its incident first, as always; StateError once it has stopped."""
    incident_id = work.session.get_one(MedicalClock, clock_id).incident_id
    lock_incident(work, incident_id)
    clock = work.session.get_one(
        MedicalClock, clock_id, with_for_update=True, populate_existing=True
    )
    if clock.ended_at is not None:
        raise StateError(incident_id=incident_id)
    return clock
