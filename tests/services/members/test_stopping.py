"""A changed number is told to the number before it, and can be stopped from there (P6)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from tests.builders.members import make_member
from tests.builders.messages import make_inbound
from union.crisis.models import Contact
from union.crisis.services import route_inbound
from union.infra.audit import AuditEntry
from union.infra.outbox import Outbox
from union.kernel.clock import ManualClock
from union.kernel.phone import read_phone
from union.members.models import ContactPoint
from union.members.queries import contact_points, persons_with_phone
from union.members.services import change_phone, give_up_phone, mark_died, stop_phone_changes
from union.members.services.reach import open_points
from union.members.services.stopping import STOPPABLE, number_of
from union.messages.models import Message
from union.messages.queries import reach_of
from union.messages.services import store_inbound
from union.messages.services.old_number import tell_old_number

OLD, NEW, THIRD = "+915830166131", "+915830166132", "+915830166133"


class Running(ManualClock):
    """A clock that is never asked twice at one instant, as the machine's is."""

    def now(self) -> datetime:
        return self.advance(timedelta(milliseconds=1))


@pytest.fixture
def her(work) -> int:
    return make_member(work, phone=OLD.removeprefix("+91")).person_id


def change(work, her: int, number: str = NEW, *, first: bool = True) -> None:
    change_phone(work, her, read_phone(number), first=first)


def reached_at(work, her: int) -> str | None:
    return reach_of(work, [her])[her].addresses.get("sms")


def told(work) -> list[str]:
    """The numbers that are told, as the handler of the fact does it."""
    facts = work.session.scalars(select(Outbox).where(Outbox.fact == "phone_changed")).all()
    points = [fact.ids["point_id"] for fact in facts]
    return [number_of(work, work.session.get_one(ContactPoint, point)) for point in points]


def writes(work, words: str, number: str) -> None:
    inbound = make_inbound(work.clock.now(), body=words, from_number=number)
    route_inbound(work, {"inbound_id": store_inbound(work, inbound).inbound_id})


def test_the_number_before_is_told_and_the_new_one_holds(work, her):
    change(work, her)
    assert reached_at(work, her) == NEW
    assert told(work) == [OLD]
    fact = work.session.scalars(select(Outbox).where(Outbox.fact == "phone_changed")).one()
    tell_old_number(work, fact.ids)
    message = work.session.scalars(
        select(Message).where(Message.template == "changed_number")
    ).one()
    assert message.person_id is None, "it goes to that number, not to hers of now"


@pytest.mark.parametrize("word", ["no", "ಇಲ್ಲ", "नहीं"])
def test_no_from_the_number_before_stops_it(work, her, word):
    change(work, her)
    writes(work, word, OLD)
    assert reached_at(work, her) == OLD
    assert persons_with_phone(work, NEW) == []
    assert work.session.scalars(select(Contact)).all() == []
    actions = work.session.scalars(select(AuditEntry.action)).all()
    assert "phone_change_stopped" in actions


def test_no_stops_it_though_time_passes_while_it_is_written(work, her):
    work.clock = Running(work.clock.now())
    change(work, her)
    writes(work, "no", OLD)
    assert reached_at(work, her) == OLD
    assert persons_with_phone(work, NEW) == []


@pytest.mark.parametrize("words", ["Sorry wrong number", "sorry", "no help me", "cannot get out"])
def test_what_is_no_lone_no_stops_nothing_and_is_for_a_person(work, her, words):
    change(work, her)
    writes(work, words, OLD)
    assert reached_at(work, her) == NEW
    assert len(work.session.scalars(select(Contact)).all()) == 1


def test_the_new_number_stops_nothing_and_neither_does_a_stranger(work, her):
    change(work, her)
    for number in (NEW, THIRD):
        writes(work, "no", number)
        assert reached_at(work, her) == NEW


def test_a_number_that_was_given_up_is_told_and_brings_itself_back(work, her):
    change(work, her)
    old = next(
        point
        for point in work.session.scalars(select(ContactPoint)).all()
        if number_of(work, point) == OLD
    )
    give_up_phone(work, her, old.id)
    assert persons_with_phone(work, OLD) == []
    assert told(work) == [OLD, OLD]
    assert stop_phone_changes(work, OLD)
    assert reached_at(work, her) == OLD
    assert persons_with_phone(work, NEW) == []


def test_a_second_number_behind_the_first_is_told_of_too(work, her):
    change(work, her, first=False)
    assert reached_at(work, her) == OLD
    assert told(work) == [OLD]
    assert stop_phone_changes(work, OLD)
    assert persons_with_phone(work, NEW) == []


def test_after_three_days_it_stands(work, her):
    change(work, her)
    work.clock.advance(STOPPABLE + timedelta(minutes=1))
    assert not stop_phone_changes(work, OLD)
    assert reached_at(work, her) == NEW


def test_stopped_once_a_later_change_by_another_number_is_not_undone_by_an_old_word(work, her):
    change(work, her)
    assert stop_phone_changes(work, OLD)
    assert not stop_phone_changes(work, OLD)
    change(work, her, THIRD)
    assert reached_at(work, her) == THIRD
    assert stop_phone_changes(work, OLD)
    assert reached_at(work, her) == OLD


def test_her_first_number_and_one_she_has_already_are_told_to_nobody(work, her):
    change(work, her, OLD)
    none = make_member(work, phone=None).person_id
    change(work, none, THIRD)
    assert told(work) == []


def test_of_the_dead_nobody_is_told(work, her):
    point = work.session.scalars(select(ContactPoint)).one()
    mark_died(work, her, work.clock.today())
    give_up_phone(work, her, point.id)
    assert told(work) == []


def point_of(work, number: str) -> ContactPoint:
    points = work.session.scalars(select(ContactPoint).order_by(ContactPoint.id.desc())).all()
    return next(point for point in points if number_of(work, point) == number)


def numbers(work, her: int) -> list[str]:
    return [point.e164 for point in contact_points(work, her)]


def test_what_it_was_never_told_of_stays(work, her):
    change(work, her)
    change(work, her, THIRD)
    assert told(work) == [OLD, NEW]
    assert stop_phone_changes(work, OLD)
    assert numbers(work, her) == [OLD, THIRD]
    written = work.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert written[-2:] == ["phone_ended", "phone_change_stopped"]


def test_given_up_from_behind_it_comes_back_behind_and_ends_nothing(work, her):
    for number in (NEW, THIRD):
        change(work, her, number, first=False)
    work.clock.advance(STOPPABLE + timedelta(minutes=1))
    give_up_phone(work, her, point_of(work, NEW).id)
    change(work, her, "+915830166134", first=False)
    assert stop_phone_changes(work, NEW)
    assert numbers(work, her) == [OLD, NEW, THIRD, "+915830166134"]


def test_numbers_of_the_dead_stay_ended(work, her):
    change(work, her)
    give_up_phone(work, her, point_of(work, OLD).id)
    mark_died(work, her, work.clock.today())
    writes(work, "no", OLD)
    assert numbers(work, her) == []
    assert len(work.session.scalars(select(Contact)).all()) == 1, "a person reads it"


def test_a_number_that_came_back_by_other_hands_is_hers_once(work, her):
    change(work, her, first=False)
    give_up_phone(work, her, point_of(work, OLD).id)
    change(work, her, OLD)
    assert stop_phone_changes(work, OLD)
    assert [number_of(work, one) for one in open_points(work, her)] == [OLD]


def test_a_lone_no_where_nobody_was_told_looks_at_no_number(work, her):
    asked: list[str] = []

    def listen(_connection, _cursor, statement, *_) -> None:
        asked.append(statement)

    connection = work.session.connection()
    event.listen(connection, "before_cursor_execute", listen)
    try:
        assert not stop_phone_changes(work, OLD)
    finally:
        event.remove(connection, "before_cursor_execute", listen)
    assert asked
    assert not [statement for statement in asked if "contact_point.number" in statement]
