"""After the end: clocks of medicine, people heard, lessons seen to, and rest; on a moved clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import FORCED, NIGHT, live_page
from union.crisis import services
from union.crisis.errors import (
    ConsentError,
    DebriefEmptyError,
    LessonError,
    MedicalHourError,
    NotWithHerError,
    StateError,
)
from union.crisis.models import Incident, Page, TeamProfile
from union.crisis.models.after import DebriefPerson, Lesson, MedicalClock
from union.crisis.queries.after import my_clocks, others_clocks, resting
from union.crisis.queries.candidates import candidates
from union.crisis.queries.debrief import debriefs_of, lessons, to_be_heard
from union.crisis.rules.debrief import HowSheIs, LessonTag
from union.crisis.rules.kinds import AsSheWished, ClosedBy, Outcome, TeamRole
from union.crisis.rules.medical import Care, CareEnd
from union.crisis.services.debrief import (
    NewLesson,
    Told,
    finish_lesson,
    write_debrief,
    write_lesson,
)
from union.crisis.services.medical import NewClock, begin_clock, end_clock
from union.crisis.services.rest import lift_rest
from union.infra.timers import Timer
from union.kernel.actor import Actor, Grant, Role
from union.kernel.errors import NotAllowedError
from union.messages.models import Message


def page_id(night, person: int) -> int:
    with night.unit.reading(NIGHT) as work:
        return live_page(work, person).id


def asked_to_look(night) -> list[int]:
    with night.unit.reading(NIGHT) as work:
        rows = select(Message.person_id).where(Message.template == "desk").order_by(Message.id)
        return list(work.session.scalars(rows))


def begins(night, person, care=Care.AGAINST_HIV, ago=timedelta(0), *, yes=True, whom=None):
    new = NewClock(care, night.clock.now() - ago, yes, whom)
    return night.as_person(person, begin_clock, page_id(night, person), new)


def the_clock(night) -> MedicalClock:
    with night.unit.reading(NIGHT) as work:
        return work.session.scalars(select(MedicalClock)).one()


def ends(night, incident, witness, operator):
    night.as_person(
        operator,
        services.close_incident,
        incident,
        services.Closing(ClosedBy.SAW_HER, Outcome.SETTLED_THERE, AsSheWished.YES, witness),
    )
    night.deal_with_all(operator)


def in_charge(night, person, act, *rest):
    with night.unit.begin(Actor(person, None, frozenset({Grant(Role.COORDINATOR)}))) as work:
        return act(work, *rest)


def test_a_clock_reminds_its_keeper_until_its_hours_are_over(there):
    night, incident, asked, coordinator = there
    begins(night, asked[0], whom="the one in green")
    assert night.said(incident)[-1] == "clock_begun"
    with night.unit.reading(NIGHT) as work:
        mine = my_clocks(work, asked[0])[0]
        assert (mine.guideline.hours, mine.whom) == (72, "the one in green")
        assert mine.until - mine.since_at == timedelta(hours=72)
        others = others_clocks(work, coordinator)
        assert [one.nearly_over for one in others] == [False]
        assert my_clocks(work, asked[1]) == []
    ends(night, incident, asked[0], coordinator)
    before = len(asked_to_look(night))
    night.passes(hours=2, minutes=1)
    assert asked_to_look(night)[before:].count(asked[0]) == 2, "after one hour and after two"
    night.passes(hours=60)
    assert coordinator in asked_to_look(night)[before:], "told near the end"
    night.passes(hours=11)
    clock = the_clock(night)
    assert (clock.ended_how, clock.ended_by_person_id, clock.what) == (CareEnd.RAN_OUT, None, None)


@pytest.mark.parametrize("how", [CareEnd.DONE, CareEnd.DECLINED])
def test_it_stops_when_she_had_it_or_does_not_want_it_and_is_forgotten(there, how):
    night, _incident, asked, _ = there
    clock = begins(night, asked[0])
    with pytest.raises(NotAllowedError):
        night.as_person(asked[1], end_clock, clock.id, how)
    night.as_person(asked[0], end_clock, clock.id, how)
    with night.unit.reading(NIGHT) as work:
        row = work.session.get_one(MedicalClock, clock.id)
        assert (row.ended_how, row.what, row.whom) == (how, None, None)
        open_timers = select(Timer.id).where(
            Timer.subject_type == "medical_clock", Timer.done_at.is_(None)
        )
        assert work.session.scalars(open_timers).all() == []
    with pytest.raises(StateError):
        night.as_person(asked[0], end_clock, clock.id, how)


def test_a_coordinator_may_stop_it_and_nobody_stops_it_as_run_out(there):
    night, _incident, asked, coordinator = there
    clock = begins(night, asked[0])
    with pytest.raises(StateError):
        in_charge(night, coordinator, end_clock, clock.id, CareEnd.RAN_OUT)
    in_charge(night, coordinator, end_clock, clock.id, CareEnd.DONE)
    assert the_clock(night).ended_by_person_id == coordinator


def test_without_her_yes_or_by_somebody_who_was_not_there_nothing_is_kept(there):
    night, incident, asked, _ = there
    with pytest.raises(ConsentError):
        begins(night, asked[0], yes=False)
    away = asked[2]
    with pytest.raises(NotWithHerError):
        begins(night, away)
    with pytest.raises(MedicalHourError):
        begins(night, asked[0], ago=timedelta(hours=72))
    with pytest.raises(MedicalHourError):
        begins(night, asked[0], ago=timedelta(minutes=-5))
    new, hers = NewClock(Care.AGAINST_HIV, night.clock.now(), she_wants=True), asked[0]
    with pytest.raises(NotAllowedError):
        night.as_person(asked[1], begin_clock, page_id(night, hers), new)
    assert "clock_begun" not in night.said(incident)


def test_a_forced_keeper_sees_no_difference_and_nothing_is_kept(night):
    night.team(3)
    incident = night.call()
    person = night.asked(incident)[0]
    night.comes(person, FORCED)
    night.do(person, services.arrive)
    assert begins(night, person) is None
    with night.unit.reading(NIGHT) as work:
        assert work.session.scalars(select(MedicalClock)).all() == []


def test_a_clock_that_began_long_ago_skips_the_reminders_gone_by(there):
    night, incident, asked, coordinator = there
    begins(night, asked[0], ago=timedelta(hours=30))
    ends(night, incident, asked[0], coordinator)
    before = asked_to_look(night).count(asked[0])
    night.passes(hours=5, minutes=59)
    assert asked_to_look(night).count(asked[0]) == before
    night.passes(minutes=2)
    assert asked_to_look(night).count(asked[0]) == before + 1


def test_who_went_is_heard_and_how_she_is_reaches_the_coordinators(there):
    night, incident, asked, coordinator = there
    ends(night, incident, asked[0], coordinator)
    with night.unit.reading(NIGHT) as work:
        assert [one.id for one in to_be_heard(work, asked[1])] == [incident]
        assert to_be_heard(work, asked[3]) == []
    told = Told("She knew us", "The bus was late", "", {asked[1]: HowSheIs.NEEDS_SOMEBODY})
    with pytest.raises(NotAllowedError):
        night.as_person(asked[3], write_debrief, incident, told)
    with pytest.raises(DebriefEmptyError):
        night.as_person(asked[0], write_debrief, incident, Told(" "))
    with pytest.raises(StateError):
        night.as_person(
            asked[0], write_debrief, incident, Told("x", people={asked[3]: HowSheIs.WELL})
        )
    before = len(asked_to_look(night))
    night.as_person(asked[0], write_debrief, incident, told)
    assert asked_to_look(night)[before:] == [coordinator]
    with night.unit.reading(NIGHT) as work:
        assert to_be_heard(work) == []
        heard = debriefs_of(work, work.session.get_one(Incident, incident))[0]
        assert (heard.went_well, heard.went_badly) == ("She knew us", "The bus was late")
        assert [how for _, how in heard.people] == [HowSheIs.NEEDS_SOMEBODY]
        kept = work.session.scalars(select(DebriefPerson.how)).one()
        assert len(kept) > len(HowSheIs.NEEDS_SOMEBODY), "encrypted"
    night.passes(days=3)
    assert "debrief_due" not in night.said(incident), "heard in time, so nobody is asked"


def test_nobody_is_heard_before_it_has_ended(there):
    night, incident, asked, _ = there
    with pytest.raises(StateError):
        night.as_person(asked[0], write_debrief, incident, Told("well"))


def test_an_end_nobody_was_heard_about_is_asked_for_thrice(there):
    night, incident, asked, coordinator = there
    ends(night, incident, asked[0], coordinator)
    night.passes(days=20)
    assert night.said(incident).count("debrief_due") == 3
    assert {asked[0], asked[1], coordinator} <= set(asked_to_look(night))


def test_a_lesson_has_an_owner_who_is_told_until_it_is_done(there):
    night, incident, asked, coordinator = there
    ends(night, incident, asked[0], coordinator)
    today = night.clock.today()
    late = NewLesson("x", LessonTag.DESK, asked[1], today - timedelta(days=1))
    with pytest.raises(LessonError):
        in_charge(night, coordinator, write_lesson, incident, late)
    new = NewLesson("Keep the lane's name", LessonTag.THE_WAY, asked[1], today + timedelta(days=3))
    lesson = in_charge(night, coordinator, write_lesson, incident, new)
    with night.unit.begin(Actor(coordinator, None, frozenset({Grant(Role.COORDINATOR)}))) as work:
        write_debrief(work, incident, Told("all of it"))
    before = len(asked_to_look(night))
    night.passes(days=4)
    assert asked_to_look(night)[before:] == [asked[1]]
    night.passes(days=7)
    assert asked_to_look(night)[before:] == [asked[1], *sorted({asked[1], coordinator})]
    with pytest.raises(NotAllowedError):
        night.as_person(asked[0], finish_lesson, lesson.id)
    night.as_person(asked[1], finish_lesson, lesson.id, "Asked the tea seller")
    night.passes(days=30)
    assert len(asked_to_look(night)) == before + 3
    with night.unit.reading(NIGHT) as work:
        line = lessons(work)[0]
        assert (line.words, line.done_words) == ("Keep the lane's name", "Asked the tea seller")
        assert lessons(work, asked[1]) == [], "done ones are not on her list"
        assert work.session.scalars(select(Lesson.done_by_person_id)).one() == asked[1]


def test_after_a_night_out_she_rests_and_is_still_there_to_be_asked(there):
    night, incident, asked, coordinator = there
    night.clock.advance(timedelta(hours=1))
    with night.unit.begin(NIGHT) as work:
        for page in work.session.scalars(select(Page).where(Page.briefed_at.is_not(None))):
            page.briefed_at = page.briefed_at - timedelta(hours=6)
    ends(night, incident, asked[0], coordinator)
    night.workers.settle()
    with night.unit.reading(NIGHT) as work:
        rest = resting(work)
        assert set(rest) == set(asked[:2])
        still = candidates(work, [TeamRole.RESPONDER], 0)
        assert set(asked[:2]) <= {one.person_id for one in still}, "rest orders, it forbids nothing"
    with pytest.raises(NotAllowedError):
        night.as_person(asked[3], lift_rest, asked[0])
    night.as_person(asked[0], lift_rest, asked[0])
    in_charge(night, coordinator, lift_rest, asked[1])
    with night.unit.reading(NIGHT) as work:
        assert resting(work) == {}


def test_a_longer_rest_stays(there):
    night, incident, asked, coordinator = there
    far = night.clock.now() + timedelta(days=9)
    with night.unit.begin(NIGHT) as work:
        work.session.get_one(TeamProfile, asked[0]).resting_until = far
        for page in work.session.scalars(select(Page).where(Page.briefed_at.is_not(None))):
            page.briefed_at = page.briefed_at - timedelta(hours=6)
    ends(night, incident, asked[0], coordinator)
    night.workers.settle()
    with night.unit.reading(NIGHT) as work:
        assert resting(work)[asked[0]] == far
