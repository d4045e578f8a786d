"""Words of a night: a call and its end, a child, a raid's list, and what stands of the team."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from tests.builders.crisis import HERS, live_page, make_in_charge, make_responder
from tests.builders.raids import type_list
from tests.canary.scenes.stage import PLACE, Stage
from union.crisis import services
from union.crisis.models import Certificate, Contact, Page, Taken
from union.crisis.rules.debrief import HowSheIs, LessonTag
from union.crisis.rules.escalation import Step
from union.crisis.rules.kinds import (
    AsSheWished,
    ClosedBy,
    ContactChannel,
    Kind,
    Outcome,
    Who,
)
from union.crisis.rules.medical import Care
from union.crisis.rules.policies import Draft, Scope
from union.crisis.rules.taken import Source, Standing
from union.crisis.services.debrief import (
    NewLesson,
    Told,
    finish_lesson,
    write_debrief,
    write_lesson,
)
from union.crisis.services.medical import NewClock, begin_clock
from union.crisis.services.meeting import add_point
from union.crisis.services.nuisance import let_number_rest
from union.crisis.services.taken import Move, move, rename
from union.crisis.services.taken_mark import mark_minor
from union.crisis.services.taken_medicine import need_medicine
from union.crisis.services.training import revoke
from union.infra.work import Work
from union.kernel.actor import Role
from union.members.models import Branch

DRAFT = Draft({"responder": 1}, (Step(Who.NEAREST, 60), Step(Who.DUTY_OFFICER, 60)))


def a_call(stage: Stage) -> None:
    """She calls, somebody goes and keeps the hours of a medicine; it ends and is looked back at."""
    word = stage.word
    team = _team(stage)
    with stage.as_machine() as work:
        make_in_charge(work, Role.COORDINATOR)
        call = _reports(stage, work, kind=Kind.CLIENT_VIOLENCE)
        asked = work.session.scalars(
            select(Page.person_id).where(
                Page.incident_id == call.incident_id, Page.person_id.in_(team)
            )
        )
        here = asked.first() or 0
    with stage.as_person(here) as work:
        services.answer_here(work, live_page(work, here).id, HERS, "app")
    with stage.as_person(here) as work:
        services.arrive(work, live_page(work, here).id)
    with stage.as_person(here) as work:
        since = work.clock.now() - timedelta(hours=1)
        new = NewClock(Care.AGAINST_HIV, since, she_wants=True, whom=word())
        begin_clock(work, live_page(work, here).id, new)
    with stage.as_person(here) as work:
        how = services.Closing(
            ClosedBy.SAW_HER, Outcome.SETTLED_THERE, AsSheWished.YES, here, words=word()
        )
        services.close_incident(work, call.incident_id, how)
    with stage.as_person(here) as work:
        told = Told(word(), word(), word(), {here: HowSheIs.WELL})
        write_debrief(work, call.incident_id, told)
        tomorrow = work.clock.today() + timedelta(days=1)  # today's are rung at once
        lesson = NewLesson(word(), LessonTag.SAFETY, here, tomorrow)
        made = write_lesson(work, call.incident_id, lesson)
    with stage.as_person(here) as work:
        finish_lesson(work, made.id, word())


def a_child(stage: Stage) -> None:
    """Somebody who may be a child says where and what."""
    with stage.as_machine() as work:
        _reports(stage, work, kind=Kind.CLIENT_VIOLENCE, may_be_minor=True)


def a_raid(stage: Stage) -> None:
    """Eleven are taken, two are listed; where one is, what she is called and what she needs."""
    word, source = stage.word, Source.TEAM
    with stage.as_machine() as work:
        desk = make_in_charge(work, Role.OPERATOR)
        raid = _reports(stage, work, kind=Kind.ARREST_OR_RAID, people=11).incident_id
    with stage.as_person(desk, Role.OPERATOR) as work:
        type_list(work, raid, f"{word()}, {word()} 2am\n{word()}\n")
        rows = select(Taken.id).where(Taken.incident_id == raid).order_by(Taken.id)
        first = work.session.scalars(rows).first() or 0
    with stage.as_person(desk, Role.OPERATOR) as work:
        rename(work, first, word(), source)
        move(work, first, Move(Standing.AT_STATION, source, words=word()))
        need_medicine(work, first, word(), work.clock.now() + timedelta(hours=3), source)
        mark_minor(work, first, "yes", source)


def the_team(stage: Stage) -> None:
    """A number that is to rest, where one meets, a way of asking people, a certificate's end."""
    word = stage.word
    gone = _team(stage)[0]
    with stage.as_machine() as work:
        contact = _reports(stage, work, kind=Kind.EVICTION)
        desk = make_in_charge(work, Role.OPERATOR)
        plans = make_in_charge(work, Role.COORDINATOR)
        certificate = select(Certificate.id).where(Certificate.person_id == gone)
        certificate_id = work.session.scalars(certificate).one()
    with stage.as_person(desk, Role.OPERATOR) as work:
        let_number_rest(work, contact.id)
        add_point(work, stage.branch_id, (word(), word()))
    with stage.as_person(plans, Role.COORDINATOR) as work:
        services.new_policy(work, Scope(Kind.EVICTION), DRAFT, word())
        revoke(work, certificate_id, word())


def _team(stage: Stage) -> list[int]:
    with stage.as_machine() as work:
        branch = work.session.get_one(Branch, stage.branch_id)
        return [make_responder(work, branch, point=PLACE) for _ in range(3)]


def _reports(stage: Stage, work: Work, **fields: object) -> Contact:
    """Somebody of the scenes' district says from which number, where and what."""
    word = stage.word
    told = services.Report(
        channel=ContactChannel.WALK_IN,
        number=f"+91{word.phone()}",
        place=word(),
        words=word(),
        branch_id=stage.branch_id,
        **fields,
    )
    return services.receive_contact(work, told)
