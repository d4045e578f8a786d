"""Holes in the hours: told once and once more, offered to who lives near, and looked for daily."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import make_in_charge, make_responder
from tests.builders.members import make_branch
from tests.builders.rota import FRIDAY, messages
from union.crisis.errors import AnsweredError, LeavesHoleError
from union.crisis.models import RotaHole, RotaOffer
from union.crisis.queries.coverage import open_holes
from union.crisis.queries.rota import shifts_between
from union.crisis.rules.kinds import Shift, TeamRole
from union.crisis.rules.rota import Duty
from union.crisis.services import rota, swaps
from union.crisis.services.holes import LOOK, begin_looking, look_over
from union.crisis.services.rota_timers import TIMERS
from union.infra.timers import Timer
from union.kernel.actor import Role


@pytest.fixture
def bidar(work):
    return make_branch(work)


def test_a_hole_is_told_once_and_once_more_before_its_hours(work, bidar, clock):
    her = make_responder(work, bidar, shift=Shift.DAY)
    coordinator = make_in_charge(work, Role.COORDINATOR)
    far = look_over(work)[-1]
    told = (coordinator, "desk")
    assert messages(work).count(told) == 1
    assert (her, "offer") in messages(work)
    look_over(work)
    assert messages(work).count(told) == 1
    assert far.told_again_at is None
    clock.move_to(far.starts_at - timedelta(days=3))
    look_over(work)
    assert far.told_again_at == clock.now()
    assert messages(work).count(told) == 2
    clock.advance(timedelta(hours=1))
    look_over(work)
    assert messages(work).count(told) == 2


def test_who_lives_near_is_asked_for_one_at_a_time_and_fills_it(work, bidar):
    her = make_responder(work, bidar, shift=Shift.DAY)
    beside = make_branch(work, "Kalaburagi", 17.33, 76.83)
    other = make_responder(work, beside)
    rota.set_wish(work, other, "Asia/Kolkata", at_night=False, offers=True)
    holes = look_over(work)
    offers = work.session.scalars(select(RotaOffer).order_by(RotaOffer.id)).all()
    assert [(one.hole_id, one.person_id) for one in offers] == [
        (holes[0].id, her),
        (holes[0].id, other),
    ]
    shift = swaps.answer_offer(work, offers[0].id, takes=True)
    assert (shift.starts_at, shift.ends_at) == (holes[0].starts_at, holes[0].ends_at)
    assert holes[0].filled_at is not None
    assert swaps.answer_offer(work, offers[0].id, takes=True).id == shift.id
    with pytest.raises(AnsweredError):
        swaps.answer_offer(work, offers[1].id, takes=True)
    swaps.answer_offer(work, offers[1].id, takes=False)
    assert swaps.answer_offer(work, offers[1].id, takes=False) is None
    assert {one.part for one in open_holes(work)} == {"night"}


def test_who_is_away_or_does_not_wish_is_not_asked(work, bidar):
    her, other = (make_responder(work, bidar, shift=Shift.DAY) for _ in range(2))
    rota.set_wish(work, her, "Asia/Kolkata", at_night=False, offers=False)
    rota.say_away(work, other, rota.days_away(work, FRIDAY, date(2026, 11, 20)), sure=True)
    look_over(work)
    assert work.session.scalars(select(RotaOffer)).all() == []


def test_a_filled_hole_that_opens_again_is_told_again(work, bidar):
    make_responder(work, bidar, shift=Shift.DAY)
    coordinator = make_in_charge(work, Role.COORDINATOR)
    hole = look_over(work)[0]
    offer = work.session.scalars(select(RotaOffer)).one()
    shift = swaps.answer_offer(work, offer.id, takes=True)
    assert hole.filled_at is not None
    before = messages(work).count((coordinator, "desk"))
    key = shifts_between(work, shift.starts_at, shift.ends_at)[0]
    with pytest.raises(LeavesHoleError), work.session.begin_nested():
        rota.leave_out(work, key)
    rota.leave_out(work, key, sure=True)
    assert hole.filled_at is None
    assert messages(work).count((coordinator, "desk")) == before + 1


def test_helpers_by_telephone_are_missed_for_the_whole_state_only(work, bidar):
    make_branch(work, "Hassan", 13.0, 76.1)
    make_responder(work, bidar)
    make_responder(work, bidar, TeamRole.PARALEGAL, shift=Shift.DAY)
    look_over(work)
    found = {(one.branch_id, one.duty) for one in work.session.scalars(select(RotaHole))}
    assert (None, Duty.PARALEGAL) in found
    assert (bidar.id, Duty.PARALEGAL) not in found
    assert (None, Duty.COUNSELLOR) not in found, "where nobody ever was trained, nobody is missing"


def test_the_look_comes_every_morning_and_once(work, bidar):
    begin_looking(work)
    begin_looking(work)
    timer = work.session.scalars(select(Timer).where(Timer.kind == LOOK)).one()
    assert timer.due_at.astimezone(work.clock.zone).time() == time(9, 30)
    work.clock.move_to(timer.due_at)
    TIMERS[LOOK](work, timer)
    TIMERS[LOOK](work, timer)
    waits = work.session.scalars(
        select(Timer).where(Timer.kind == LOOK, Timer.done_at.is_(None))
    ).one()
    assert waits.due_at == timer.due_at + timedelta(days=1)
