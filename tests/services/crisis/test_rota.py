"""Hours, absences and swaps: what is refused, what is told, and who is asked by them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import make_in_charge, make_responder
from tests.builders.members import make_branch, make_member
from tests.builders.rota import FRIDAY, ahead, messages, shifts, weekly
from union.crisis.errors import (
    AnsweredError,
    AwayError,
    DownAlreadyError,
    HoursError,
    LeavesHoleError,
    NotCertifiedError,
)
from union.crisis.models import Certificate, RotaShift
from union.crisis.queries.candidates import candidates
from union.crisis.queries.coverage import open_holes
from union.crisis.queries.rota import (
    duty_officers_on,
    operators_on,
    present,
    second_phones_on,
)
from union.crisis.rules.choosing import Wanted, choose
from union.crisis.rules.kinds import AskedAs, Shift, TeamRole
from union.crisis.rules.rota import Duty, Hours, Origin
from union.crisis.services import rota, swaps
from union.kernel.actor import Role


@pytest.fixture
def bidar(work):
    return make_branch(work)


@pytest.mark.parametrize(
    "change",
    [
        {"branch_id": None},
        {"duty": Duty.PARALEGAL},
        {"duty": Duty.OPERATOR, "branch_id": None},
        {"since_on": date(2027, 1, 2)},
    ],
)
def test_hours_need_a_paper_or_an_office(work, bidar, change):
    with pytest.raises(NotCertifiedError):
        weekly(work, make_responder(work, bidar), **{"branch_id": bidar.id} | change)


@pytest.mark.parametrize(
    "change",
    [{"weekdays": ()}, {"zone": "Mars/Olympus"}, {"until_on": date(2026, 10, 15)}],
)
def test_hours_that_cannot_be_are_refused(work, bidar, change):
    with pytest.raises(HoursError):
        weekly(work, make_responder(work, bidar), **{"branch_id": bidar.id} | change)


def test_a_team_lead_is_down_as_one_who_goes_there(work, bidar):
    lead = make_responder(work, bidar, TeamRole.TEAM_LEAD)
    assert weekly(work, lead, bidar.id)


def test_a_day_left_out_and_weekly_hours_ended(work, bidar):
    make_responder(work, bidar)
    her = make_responder(work, bidar)
    pattern = weekly(work, her, bidar.id)[0]
    first, second = shifts(work, her)
    assert first.key == f"{pattern.ref}.2026-10-16"
    rota.leave_out(work, first)
    assert [one.on_day for one in shifts(work, her)] == [second.on_day]
    rota.end_weekly(work, pattern, date(2026, 10, 22))
    assert shifts(work, her) == []
    with pytest.raises(HoursError):
        rota.end_weekly(work, pattern, date(2026, 10, 1))


def test_nobody_is_down_twice_at_once(work, bidar):
    her = make_responder(work, bidar)
    weekly(work, her, bidar.id)
    night = shifts(work, her)[0].hours
    for start in (-1, 0, 5):
        inside = Hours(night.starts_at + timedelta(hours=start), night.ends_at)
        with pytest.raises(DownAlreadyError):
            rota.add_shift(work, her, Duty.RESPONDER, bidar.id, inside)
    rota.add_shift(
        work,
        her,
        Duty.RESPONDER,
        bidar.id,
        Hours(night.ends_at, night.ends_at + timedelta(hours=1)),
    )


def test_days_away_begin_and_end_at_the_unions_midnight(work):
    hours = rota.days_away(work, date(2026, 10, 20), date(2026, 10, 21))
    assert hours.starts_at == datetime(2026, 10, 20, tzinfo=work.clock.zone)
    assert hours.ends_at == datetime(2026, 10, 22, tzinfo=work.clock.zone)


def test_what_leaves_a_hole_is_refused_until_she_says_that_she_knows(work, bidar):
    her = make_responder(work, bidar)
    coordinator = make_in_charge(work, Role.COORDINATOR)
    days = rota.days_away(work, date(2026, 10, 20), date(2026, 10, 20))
    with pytest.raises(LeavesHoleError) as refused, work.session.begin_nested():
        rota.say_away(work, her, days)
    assert refused.value.facts["holes"] == 3
    assert "2026-10-20/night/responder" in refused.value.facts["halves"]
    rota.say_away(work, her, days, sure=True)
    assert {(one.on_day, one.part) for one in open_holes(work)} == {
        (date(2026, 10, 19), "night"),
        (date(2026, 10, 20), "day"),
        (date(2026, 10, 20), "night"),
    }
    assert messages(work) == [(coordinator, "desk")]


def test_another_who_is_awake_leaves_no_hole(work, bidar):
    her, _ = make_responder(work, bidar), make_responder(work, bidar)
    rota.say_away(work, her, rota.days_away(work, FRIDAY, FRIDAY))
    assert open_holes(work) == []


def test_a_swap_moves_the_hours_and_both_see_it(work, bidar):
    her, other = make_responder(work, bidar), make_responder(work, bidar)
    weekly(work, her, bidar.id)
    first = shifts(work, her)[0]
    swap = swaps.ask_swap(work, first, other)
    assert messages(work) == [(other, "desk")]
    swaps.take_swap(work, swap.id, other)
    assert [one.hours for one in shifts(work, other)] == [first.hours]
    assert first.hours not in [one.hours for one in shifts(work, her)]
    made = work.session.scalars(select(RotaShift)).one()
    assert (made.origin, swap.taken_shift_id) == (Origin.SWAP, made.id)
    assert messages(work)[-1] == (her, "desk")
    for again in (swaps.decline_swap, swaps.withdraw_swap):
        with pytest.raises(AnsweredError):
            again(work, swap.id)
    with pytest.raises(AnsweredError):
        swaps.take_swap(work, swap.id, other)
    onward = swaps.ask_swap(work, shifts(work, other)[0])
    swaps.take_swap(work, onward.id, her)
    assert shifts(work, her)[0].hours == first.hours


def test_who_is_away_down_already_or_without_a_paper_cannot_take_it(work, bidar):
    her, other = make_responder(work, bidar), make_responder(work, bidar)
    stranger = make_member(work, bidar).person_id
    weekly(work, her, bidar.id)
    first = shifts(work, her)[0]
    swap = swaps.ask_swap(work, first)
    with pytest.raises(NotCertifiedError):
        swaps.take_swap(work, swap.id, stranger)
    busy = rota.add_shift(work, other, Duty.RESPONDER, bidar.id, first.hours)
    with pytest.raises(DownAlreadyError), work.session.begin_nested():
        swaps.take_swap(work, swap.id, other)
    busy.ended_at = work.clock.now()
    rota.say_away(work, other, first.hours)
    with pytest.raises(AwayError):
        swaps.take_swap(work, swap.id, other)
    assert shifts(work, her)[0].hours == first.hours


def test_hours_given_away_meanwhile_cannot_be_taken(work, bidar):
    her, other = make_responder(work, bidar), make_responder(work, bidar)
    weekly(work, her, bidar.id)
    first = shifts(work, her)[0]
    swap = swaps.ask_swap(work, first)
    rota.leave_out(work, first)
    with pytest.raises(AnsweredError):
        swaps.take_swap(work, swap.id, other)


def test_a_swap_that_leaves_a_hole_says_so(work, bidar):
    her = make_responder(work, bidar, shift=Shift.DAY)
    beside = make_branch(work, "Kalaburagi", 17.33, 76.83)
    other = make_responder(work, beside, shift=Shift.DAY)
    weekly(work, her, bidar.id)
    swap = swaps.ask_swap(work, shifts(work, her)[0])
    paper = work.session.scalars(select(Certificate).where(Certificate.person_id == other)).one()
    paper.ends_on = FRIDAY
    with pytest.raises(LeavesHoleError), work.session.begin_nested():
        swaps.take_swap(work, swap.id, other)
    swaps.take_swap(work, swap.id, other, sure=True)


def test_the_hotline_is_answered_by_who_is_down_and_else_by_everybody(work):
    first, second = (make_in_charge(work, Role.OPERATOR) for _ in range(2))
    officer, deputy = (make_in_charge(work, Role.DUTY_OFFICER) for _ in range(2))
    now = work.clock.now()
    assert operators_on(work, now) == second_phones_on(work, now) == [first, second]
    rota.add_shift(work, first, Duty.OPERATOR, None, ahead(work))
    rota.add_shift(work, second, Duty.SECOND_PHONE, None, ahead(work))
    rota.add_shift(work, officer, Duty.DUTY_OFFICER, None, ahead(work))
    assert operators_on(work, now) == [first]
    assert second_phones_on(work, now) == [second]
    assert duty_officers_on(work, now) == [officer]
    later = now + timedelta(hours=8)
    assert operators_on(work, later) == [first, second]
    assert duty_officers_on(work, later) == [officer, deputy]
    rota.say_away(work, first, ahead(work))
    assert operators_on(work, now) == [second], "who is away answers nothing"
    rota.say_away(work, second, ahead(work))
    assert operators_on(work, now) == [first, second], "somebody must: everybody is rung"
    assert present(work, [first, officer]) == [officer]
    assert present(work, [first, second]) == [first, second]


def test_who_is_down_is_asked_first_and_who_is_away_is_not(work, bidar):
    near, far = (make_responder(work, bidar, point=(17.9, 77.5 + km / 100)) for km in (0, 20))
    wanted = Wanted(
        role=AskedAs.RESPONDER,
        count=1,
        local=work.clock.now().astimezone(work.clock.zone),
        cell=bidar.cell,
        branches=frozenset({bidar.id}),
    )

    def asked():
        return choose(candidates(work, set(TeamRole), 0), wanted)

    assert [one.person_id for one in asked().chosen] == [near]
    rota.add_shift(work, far, Duty.RESPONDER, bidar.id, ahead(work))
    choice = asked()
    assert [one.person_id for one in choice.chosen] == [far]
    assert choice.chosen[0].reasons == ("on_rota",)
    assert "not_on_rota" in choice.passed_over[0].reasons
    rota.say_away(work, far, ahead(work))
    choice = asked()
    assert [one.person_id for one in choice.chosen] == [near]
    assert choice.left_out == {"away": 1}
    rota.say_away(work, near, ahead(work), sure=True)
    assert asked().is_empty


def test_down_beside_her_district_and_against_her_papers_hour_she_is_asked_there(work, bidar):
    beside = make_branch(work, "Kalaburagi", 17.33, 76.83)
    her = make_responder(work, beside, shift=Shift.DAY)
    rota.add_shift(work, her, Duty.RESPONDER, bidar.id, ahead(work), Origin.OFFER)
    wanted = Wanted(
        role=AskedAs.RESPONDER,
        count=1,
        local=work.clock.now().astimezone(work.clock.zone),
        branches=frozenset({bidar.id}),
    )
    found = candidates(work, set(TeamRole), 0)
    assert [one.person_id for one in choose(found, wanted).chosen] == [her]
