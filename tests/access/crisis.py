"""A night that ended: a page, the looking back, a clock and who is to carry it, a lesson, hours."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlalchemy import select

from tests.access.sides import Example, Made, Side
from tests.builders.crisis import HERS, live_page, make_in_charge, make_responder, report
from tests.builders.ledger import acting_as
from union.crisis import services
from union.crisis.models import Incident, RotaPattern
from union.crisis.rules.debrief import LessonTag
from union.crisis.rules.kinds import AnsweredBy, AsSheWished, ClosedBy, Outcome
from union.crisis.rules.medical import Care
from union.crisis.rules.rota import Duty, Hours
from union.crisis.services.debrief import NewLesson, write_lesson
from union.crisis.services.handing_on import Next, name_next
from union.crisis.services.medical import NewClock, begin_clock
from union.crisis.services.rota import NewWeekly, add_weekly, say_away
from union.infra.work import Work
from union.kernel.actor import Actor, Role
from union.members.models import Member


def make(work: Work, side: Side) -> Made:
    goes = make_responder(work, side.branch, point=side.point)
    other = make_in_charge(work, Role.COORDINATOR)
    contact = report(work, district=side.district, place=f"{side.district} lane")
    incident = work.session.get_one(Incident, contact.incident_id)
    with acting_as(work, Actor(goes, None, frozenset())):
        made = _after_the_end(work, incident, goes, other)
        now = work.clock.now()
        away = say_away(work, goes, Hours(now, now + timedelta(days=1)), sure=True)
        pattern = _weekly(work, side, goes)
    who = work.session.get_one(Member, goes).ref
    return {
        **made,
        "crisis.rota": Example({"who": who}, tied=goes),
        "crisis.absence": Example({"who": who, "ref": away.ref}, tied=goes),
        "crisis.pattern": Example({"who": who, "ref": pattern}, tied=goes),
    }


def _after_the_end(work: Work, incident: Incident, goes: int, other: int) -> Made:
    page = live_page(work, goes)
    services.answer_here(work, page.id, HERS, AnsweredBy.APP)
    services.arrive(work, page.id)
    new = NewClock(Care("hiv"), work.clock.now() - timedelta(minutes=30), she_wants=True)
    clock = begin_clock(work, page.id, new)
    asked = name_next(work, clock.id, Next(other, she_agrees=True, at_once=True))
    closing = services.Closing(ClosedBy.SAW_HER, Outcome.SETTLED_THERE, AsSheWished.YES, goes)
    services.close_incident(work, incident.id, closing)
    due_on = work.clock.today() + timedelta(days=7)
    lesson = write_lesson(
        work, incident.id, NewLesson("a second torch", next(iter(LessonTag)), goes, due_on)
    )
    return {
        "crisis.page": Example({"ref": page.ref}, tied=goes),
        "crisis.looking_back": Example({"ref": incident.ref}, tied=goes),
        "crisis.clock": Example({"ref": clock.ref}, tied=goes),
        "crisis.handover": Example({"ref": asked.ref}, tied=other),
        "crisis.lesson": Example({"ref": lesson.ref}, tied=goes),
    }


def _weekly(work: Work, side: Side, person_id: int) -> str:
    hours = (time(20), time(7), "Asia/Kolkata", date(2026, 10, 1))
    add_weekly(work, NewWeekly(person_id, Duty.RESPONDER, side.branch.id, (1,), *hours))
    return work.session.scalars(
        select(RotaPattern.ref).where(RotaPattern.person_id == person_id)
    ).first()
