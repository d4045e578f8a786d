"""What a taken person needs by when. Invariant: it is asked after until somebody gave it to her.

The desk and the team on the spot are told an hour before, a quarter before, at its time and every
half hour after; that it was given is written down by a person, with whose word it is. What was
wrongly written is put right by a row of its own; what it said before stays in her history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.errors import StateError
from union.crisis.models import Taken, TakenMedicine
from union.crisis.queries.rota import operators_on, present
from union.crisis.queries.taken import on_the_spot
from union.crisis.rules.taken import Change, MedicineEnd, Source, next_look
from union.crisis.services.paging import look_at_the_desk
from union.crisis.services.taken_story import Line, lock_taken, write
from union.crisis.services.timeline import a_person, say
from union.identity.queries import people_with_role
from union.infra.timers import Timer, TimerHandler, finish_timers, set_timer, take_timer
from union.kernel.actor import Role
from union.kernel.ids import new_ref
from union.messages.services import send_all

if TYPE_CHECKING:
    from union.crisis.rules.taken_lines import Dose
    from union.infra.work import Work

MEDICINE = "taken_medicine"
MEDICINE_TIMER = "crisis_medicine"
WHAT = "taken_medicine.what"


@dataclass(frozen=True, slots=True)
class Needed:
    """What she needs and by when; ``corrects_id`` is the row it puts right, if any."""

    what: str = field(repr=False)
    due_at: datetime
    corrects_id: int | None = None


def need_medicine(
    work: Work, taken_id: int, what: str, due_at: datetime, source: Source
) -> TakenMedicine:
    """She needs this by then."""
    a_person(work)
    _, taken = lock_taken(work, taken_id)
    return need(work, taken, Needed(what, due_at), source)


def need(work: Work, taken: Taken, needed: Needed, source: Source) -> TakenMedicine:
    """As ``need_medicine``, for somebody whose row is locked already."""
    ref = new_ref()
    medicine = TakenMedicine(
        ref=ref,
        taken_id=taken.id,
        corrects_id=needed.corrects_id,
        what=work.vault.encrypt(taken.key_ref, WHAT, ref, needed.what.strip()),
        due_at=needed.due_at,
        made_at=work.clock.now(),
        made_by_person_id=a_person(work),
    )
    work.session.add(medicine)
    work.session.flush()
    line = Line(Change.MEDICINE, source, words=needed.what.strip())
    write(work, taken, line, medicine_id=medicine.id)
    _plan(work, medicine)
    return medicine


def correct_medicine(
    work: Work, medicine_id: int, now: Needed, source: Source
) -> TakenMedicine | None:
    """What was written was wrong: this is what she needs, asked after as if it were new.

    Who said so, when, and what it said before stays in her history, under her own key. The same
    time of the day is the same instant: what is overdue does not become tomorrow's. None where
    nothing differs; StateError once somebody said that it was given, not needed, or put right.
    """
    a_person(work)
    _, taken = lock_taken(work, work.session.get_one(TakenMedicine, medicine_id).taken_id)
    wrong = _lock(work, medicine_id)
    if wrong.ended_at is not None:
        raise StateError(medicine_id=medicine_id)
    before = opened_what(work, taken, wrong)
    if _time_of(work, now.due_at) == _time_of(work, wrong.due_at):
        now = replace(now, due_at=wrong.due_at)
    if (before, wrong.due_at) == (now.what.strip(), now.due_at):
        return None
    _stop(work, wrong, MedicineEnd.CORRECTED)
    due = wrong.due_at.astimezone(work.clock.zone)
    line = Line(Change.CORRECTED, source, words=f"{before}, {due:%H:%M}")
    write(work, taken, line, medicine_id=wrong.id)
    return need(work, taken, replace(now, corrects_id=wrong.id), source)


def open_medicine(work: Work, taken: Taken, dose: Dose) -> TakenMedicine | None:
    """What she needs by these words at this time of the day, and nobody gave her yet."""
    open_ones = select(TakenMedicine).where(
        TakenMedicine.taken_id == taken.id, TakenMedicine.ended_at.is_(None)
    )
    for medicine in work.session.scalars(open_ones.order_by(TakenMedicine.id)):
        by = _time_of(work, medicine.due_at)
        if by == dose.by and opened_what(work, taken, medicine) == dose.what:
            return medicine
    return None


def _time_of(work: Work, at: datetime) -> time:
    """The time of the day that a clock here shows then."""
    return at.astimezone(work.clock.zone).time()


def opened_what(work: Work, taken: Taken, medicine: TakenMedicine) -> str:
    """What it is, in the clear; for the services of this list alone."""
    return work.vault.decrypt(taken.key_ref, WHAT, medicine.ref, medicine.what)


def end_medicine(work: Work, medicine_id: int, how: MedicineEnd, source: Source) -> None:
    """It was given, or is not needed; StateError if somebody said so before."""
    taken_id = work.session.get_one(TakenMedicine, medicine_id).taken_id
    _, taken = lock_taken(work, taken_id)
    medicine = _lock(work, medicine_id)
    if medicine.ended_at is not None:
        raise StateError(medicine_id=medicine_id)
    _end(work, taken, medicine, how, source)


def end_medicines(work: Work, taken: Taken, source: Source) -> None:
    """She is free: what she needs is in her own hands again."""
    open_ones = select(TakenMedicine).where(
        TakenMedicine.taken_id == taken.id, TakenMedicine.ended_at.is_(None)
    )
    for medicine in work.session.scalars(open_ones).all():
        _end(work, taken, medicine, MedicineEnd.NOT_NEEDED, source)


def on_medicine(work: Work, timer: Timer) -> None:
    """It is nearly time, or past it: the desk and the team on the spot are told to look."""
    taken_id = work.session.get_one(TakenMedicine, timer.subject_id).taken_id
    incident, taken = lock_taken(work, taken_id)
    medicine = _lock(work, timer.subject_id)
    if not take_timer(work, timer) or medicine.ended_at is not None:
        return
    medicine.asked_at = work.clock.now()
    say(work, incident, "medicine_due", number=taken.number)
    people = {*operators_on(work, work.clock.now()), *on_the_spot(work.session, incident.id)}
    if medicine.due_at <= work.clock.now():
        people |= {*present(work, people_with_role(work, Role.COORDINATOR))}
    send_all(work, [look_at_the_desk(one) for one in sorted(people)])
    _plan(work, medicine)


def _end(
    work: Work, taken: Taken, medicine: TakenMedicine, how: MedicineEnd, source: Source
) -> None:
    _stop(work, medicine, how)
    write(work, taken, Line(Change(how.value), source), medicine_id=medicine.id)


def _stop(work: Work, medicine: TakenMedicine, how: MedicineEnd) -> None:
    medicine.ended_by_person_id = a_person(work)
    medicine.ended_at, medicine.ended_how = work.clock.now(), how
    finish_timers(work, MEDICINE, medicine.id)


def _plan(work: Work, medicine: TakenMedicine) -> None:
    set_timer(
        work,
        kind=MEDICINE_TIMER,
        subject_type=MEDICINE,
        subject_id=medicine.id,
        due_at=next_look(medicine.due_at, medicine.asked_at, work.clock.now()),
    )


def _lock(work: Work, medicine_id: int) -> TakenMedicine:
    return work.session.get_one(
        TakenMedicine, medicine_id, with_for_update=True, populate_existing=True
    )


TIMERS: Mapping[str, TimerHandler] = {MEDICINE_TIMER: on_medicine}
"""Who acts when a medicine is asked after."""
