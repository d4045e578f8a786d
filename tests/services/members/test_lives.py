"""Leaving, dying, coming back and taking back: which days are refused, and what stays true."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.builders.members import make_branch, make_circles, make_districts, make_member
from union.dues.queries.due import due_slices
from union.kernel.periods import Month
from union.kernel.phone import read_phone
from union.members import services
from union.members.models import ContactPoint, MemberEvent
from union.members.queries import contact_points, member_by_card, members_active_on, with_us_on
from union.members.queries.lives import life_of
from union.members.rules.days import (
    BeforeJoiningError,
    BeforeLastChangeError,
    DiedAlreadyError,
    MemberDayAheadError,
)
from union.members.services.lives import NotGoneError, NotLeftError
from union.office.services.register_import import import_register

TODAY = date(2026, 10, 16)
TOMORROW = TODAY + timedelta(days=1)
JOINED = date(2019, 7, 12)
PHONE = "5845012345"


@pytest.fixture
def her(work):
    return make_member(work, joined_on=JOINED, phone=PHONE)


def move(work, person_id, on):
    services.transfer_member(work, person_id, make_branch(work, "Hassan", 13.0, 76.1).id, on)


@pytest.mark.parametrize("act", [move, services.mark_left, services.mark_died])
@pytest.mark.parametrize(
    ("on", "error"),
    [
        (date(1901, 1, 1), BeforeJoiningError),
        (JOINED - timedelta(days=1), BeforeJoiningError),
        (TOMORROW, MemberDayAheadError),
        (date(2031, 1, 1), MemberDayAheadError),
    ],
)
def test_a_day_on_which_it_cannot_have_been_is_refused(work, her, act, on, error):
    with pytest.raises(error):
        act(work, her.person_id, on)
    assert her.status == "active"
    assert work.session.scalars(select(MemberEvent)).all() == []


def test_where_nobody_knows_when_she_joined_the_unions_first_day_bounds_it(work, her):
    unknown = make_member(work, joined_on=None)
    with pytest.raises(BeforeJoiningError):
        services.mark_died(work, unknown.person_id, JOINED - timedelta(days=1))
    services.mark_died(work, unknown.person_id, JOINED)


def test_nobody_leaves_before_she_came_to_her_branch(work, her):
    move(work, her.person_id, date(2026, 9, 1))
    with pytest.raises(BeforeLastChangeError):
        services.mark_left(work, her.person_id, date(2026, 8, 31))
    services.mark_left(work, her.person_id, date(2026, 9, 1))


def test_who_came_back_was_away_in_between_and_that_stays(work, her):
    services.mark_left(work, her.person_id, date(2026, 6, 10))
    services.come_back(work, her.person_id, date(2026, 9, 20), "she works here again")
    days = (date(2026, 6, 9), date(2026, 6, 10), date(2026, 9, 19), date(2026, 9, 20))
    with_us = [True, False, False, True]
    assert [with_us_on(work.session, her.person_id, day) for day in days] == with_us
    assert [her in members_active_on(work.session, day) for day in days] == with_us
    assert [line.what for line in life_of(work, her)] == ["back", "left"]
    assert life_of(work, her)[0].reason == "she works here again"
    months = [Month(2026, number) for number in (5, 7, 8, 9)]
    assert [sum(part.charges for part in due_slices(work.session, m)) for m in months] == [
        1,
        0,
        0,
        1,
    ]


@pytest.mark.parametrize(
    ("on", "error"), [(date(2026, 6, 9), BeforeLastChangeError), (TOMORROW, MemberDayAheadError)]
)
def test_she_comes_back_after_she_left_and_by_today(work, her, on, error):
    services.mark_left(work, her.person_id, date(2026, 6, 10))
    with pytest.raises(error):
        services.come_back(work, her.person_id, on, "why")


def test_nobody_leaves_before_she_came_back(work, her):
    services.mark_left(work, her.person_id, date(2026, 6, 10))
    services.come_back(work, her.person_id, date(2026, 9, 20), "why")
    with pytest.raises(BeforeLastChangeError):
        services.mark_left(work, her.person_id, date(2026, 9, 1))


def test_a_death_written_by_mistake_is_taken_back_with_her_numbers(work, her):
    services.add_phone(work, her.person_id, read_phone("5845099999"), first=False)
    gone = contact_points(work, her.person_id)[1]
    services.end_phone(work, her.person_id, gone.id)
    services.mark_died(work, her.person_id, date(2026, 10, 1))
    assert contact_points(work, her.person_id) == []
    services.take_back_going(work, her.person_id, "it was her sister")
    assert [point.e164 for point in contact_points(work, her.person_id)] == ["+915845012345"]
    assert with_us_on(work.session, her.person_id, date(2026, 10, 5))
    assert (her.status, her.status_on) == ("active", None)


def test_who_came_in_as_dead_can_be_found_alive(work):
    her = make_member(work, phone=PHONE, status="died", status_on=date(2024, 12, 31))
    services.take_back_going(work, her.person_id, "the old book was wrong")
    assert [point.e164 for point in contact_points(work, her.person_id)] == ["+915845012345"]


def test_the_dead_do_not_come_back_nor_leave_and_the_living_need_neither(work, her):
    with pytest.raises(NotLeftError):
        services.come_back(work, her.person_id, TODAY, "why")
    with pytest.raises(NotGoneError):
        services.take_back_going(work, her.person_id, "why")
    services.mark_died(work, her.person_id, TODAY)
    with pytest.raises(NotLeftError):
        services.come_back(work, her.person_id, TODAY, "why")
    with pytest.raises(DiedAlreadyError):
        services.mark_left(work, her.person_id, TODAY)
    with pytest.raises(DiedAlreadyError):
        services.add_phone(work, her.person_id, read_phone("5845099999"), first=True)


@pytest.mark.parametrize(
    "attack", ["UPDATE member_event SET what = 'died'", "DELETE FROM member_event"]
)
def test_what_was_written_down_stays(work, her, attack):
    services.mark_left(work, her.person_id, TODAY)
    with pytest.raises(DBAPIError):
        work.session.execute(text(attack))


def test_a_later_book_gives_the_dead_no_number(work):
    make_districts(work)
    make_circles(work)
    heading = "Sl,ID card no,Called,Mobile,District,Born,Joined on,Fee,Paid upto\n"
    row = "1,KA/80001,Rani,{},Bidar,04-06-1982,12-07-2019,20,09/2026\n"
    import_register(work, (heading + row.format("")).encode())
    her = member_by_card(work.session, "KA/80001")
    services.mark_died(work, her.person_id, TODAY)
    import_register(work, (heading + row.format(PHONE)).encode())
    assert (
        work.session.scalars(select(ContactPoint).where(ContactPoint.ended_at.is_(None))).all()
        == []
    )
