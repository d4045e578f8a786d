"""The hours of a call pass over to those on its list and back; medicine put right; nothing lost."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from sqlalchemy import select, text

from tests.builders.crisis import make_in_charge, make_responder
from tests.builders.members import make_branch
from tests.builders.raids import by, everybody, go, make_raid, medicines, timers, type_list
from union.crisis.errors import CustodyListedError, StateError
from union.crisis.models import CustodyClock, TakenEvent
from union.crisis.queries.custody import custody_of
from union.crisis.rules.custody import CustodyEnd
from union.crisis.rules.taken import Change, MedicineEnd, Source, Standing
from union.crisis.rules.taken_lines import Dose, put_right, when
from union.crisis.services.custody import CUSTODY, CUSTODY_TIMER, end_custody, on_custody, say_taken
from union.crisis.services.joining import merge_incidents
from union.crisis.services.taken_clock import TAKEN_TIMER, on_taken
from union.crisis.services.taken_medicine import (
    MEDICINE_TIMER,
    Needed,
    correct_medicine,
    end_medicine,
)
from union.crisis.services.taken_reading import read_one, read_taken
from union.infra.timers import set_timer
from union.kernel.actor import Role
from union.kernel.ids import new_command_key, new_ref


@pytest.fixture
def desk(work):
    return by(work, make_in_charge(work, Role.OPERATOR))


@pytest.fixture
def raid(desk):
    make_responder(desk, make_branch(desk))
    return make_raid(desk)


def clocks(work) -> list[CustodyClock]:
    return list(work.session.scalars(select(CustodyClock).order_by(CustodyClock.id)))


def running(work) -> list[CustodyClock]:
    return [one for one in clocks(work) if one.ended_at is None]


def test_the_hour_that_was_said_goes_with_the_list_and_nobody_is_warned_twice(desk, raid):
    said = desk.clock.now() - timedelta(hours=13)
    say_taken(desk, raid.id, said)
    (timer,) = timers(desk, CUSTODY_TIMER)
    on_custody(desk, timer)
    assert running(desk)[0].warned_hours == 12
    type_list(desk, raid.id, "Lakshmi\nMeena")
    assert running(desk) == []
    assert clocks(desk)[-1].ended_how is CustodyEnd.LISTED
    assert timers(desk, CUSTODY_TIMER) == []
    for one in everybody(desk):
        assert (one.taken_at, one.assumed, one.warned_hours) == (said, False, 12)
    assert {one.due_at for one in timers(desk, TAKEN_TIMER)} == {said + timedelta(hours=20)}
    assert custody_of(desk, raid.id) is None
    type_list(desk, raid.id, "Zarina")
    assert everybody(desk)[-1].taken_at == said, "whoever is listed later was taken then too"
    with pytest.raises(CustodyListedError):
        say_taken(desk, raid.id, said)


def test_a_list_of_those_let_go_leaves_the_call_s_clock_alone(desk, raid):
    type_list(desk, raid.id, "Rani, released")
    assert len(running(desk)) == 1
    assert custody_of(desk, raid.id) is not None
    rani = everybody(desk)[0]
    go(desk, rani, Standing.AT_STATION)
    assert running(desk) == [], "held after all: the hours are hers"
    assert len(timers(desk, TAKEN_TIMER)) == 1


def test_listed_by_mistake_alone_the_call_s_clock_comes_back(desk, raid):
    type_list(desk, raid.id, "Lakshmi\nMeena")
    first, second = everybody(desk)
    desk.clock.advance(timedelta(hours=12))
    on_taken(desk, timers(desk, TAKEN_TIMER)[0])
    go(desk, first, Standing.NOT_TAKEN)
    assert running(desk) == [], "one is held still"
    go(desk, second, Standing.NOT_TAKEN)
    (back,) = running(desk)
    assert (back.taken_at, back.assumed, back.warned_hours) == (raid.opened_at, True, 12)
    (timer,) = timers(desk, CUSTODY_TIMER)
    assert timer.due_at == raid.opened_at + timedelta(hours=20)
    go(desk, second, Standing.AT_STATION, mistaken=True)
    assert running(desk) == []
    go(desk, second, Standing.RELEASED)
    assert running(desk) == [], "she was let go: that is an end, not a mistake"


def other_raid(desk):
    make_branch(desk, "Kalaburagi", 17.33, 76.83)
    return make_raid(desk, place="lodge road", district="Kalaburagi", people=2)


@pytest.mark.parametrize("listed_in", ["gone", "kept"])
def test_joined_incidents_have_one_clock_for_each_person(desk, raid, listed_in):
    other = other_raid(desk)
    early = desk.clock.now() - timedelta(hours=3)
    say_taken(desk, (raid if listed_in == "gone" else other).id, early)
    type_list(desk, (other if listed_in == "gone" else raid).id, "Bhagya")
    merge_incidents(desk, other.id, raid.id)
    assert running(desk) == []
    assert [one.taken_at for one in everybody(desk)] == [early], "the hour somebody said goes along"
    (timer,) = timers(desk, TAKEN_TIMER)
    assert timer.due_at == early + timedelta(hours=12)
    go(desk, everybody(desk)[0], Standing.NOT_TAKEN)
    assert [one.incident_id for one in running(desk)] == [raid.id]


def test_of_two_lists_joined_whoever_is_listed_later_has_the_best_known_hour(desk, raid):
    early = desk.clock.now() - timedelta(hours=3)
    say_taken(desk, raid.id, early)
    type_list(desk, raid.id, "Bhagya")
    other = other_raid(desk)
    type_list(desk, other.id, "Zarina")
    merge_incidents(desk, other.id, raid.id)
    type_list(desk, raid.id, "Meena")
    assert everybody(desk)[-1].taken_at == early
    for one in everybody(desk):
        go(desk, one, Standing.NOT_TAKEN)
    assert [one.taken_at for one in running(desk)] == [early], "it comes back with that hour"


def test_the_page_of_the_joined_one_tells_the_hour_of_the_one_kept(desk, raid):
    other = other_raid(desk)
    merge_incidents(desk, other.id, raid.id)
    early = desk.clock.now() - timedelta(hours=3)
    say_taken(desk, raid.id, early)
    assert custody_of(desk, other.id).taken_at == early


def test_joined_without_a_list_the_earlier_hour_stays(desk, raid):
    other = other_raid(desk)
    early = desk.clock.now() - timedelta(hours=3)
    say_taken(desk, other.id, early)
    merge_incidents(desk, other.id, raid.id)
    assert [(one.incident_id, one.taken_at) for one in running(desk)] == [(raid.id, early)]


def test_said_of_the_joined_one_the_hour_is_said_of_the_one_kept(desk, raid):
    other = other_raid(desk)
    merge_incidents(desk, other.id, raid.id)
    early = desk.clock.now() - timedelta(hours=3)
    say_taken(desk, other.id, early)
    assert [(one.incident_id, one.taken_at) for one in running(desk)] == [(raid.id, early)]
    type_list(desk, raid.id, "Lakshmi")
    desk.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    assert running(desk) == []
    assert [one.taken_at for one in everybody(desk)] == [early]


def test_ended_of_the_joined_one_the_clock_of_the_one_kept_ends(desk, raid):
    other = other_raid(desk)
    merge_incidents(desk, other.id, raid.id)
    end_custody(desk, other.id, CustodyEnd.RELEASED)
    assert running(desk) == []
    with pytest.raises(StateError):
        end_custody(desk, raid.id, CustodyEnd.RELEASED)


def test_a_clock_left_running_in_a_joined_incident_passes_over_too(desk, raid):
    """As written before hours said of a joined incident went to the one kept."""
    other = other_raid(desk)
    merge_incidents(desk, other.id, raid.id)
    early = desk.clock.now() - timedelta(hours=3)
    left = CustodyClock(
        ref=new_ref(),
        incident_id=other.id,
        taken_at=early,
        assumed=False,
        warned_hours=0,
        made_at=desk.clock.now(),
        made_by_person_id=desk.actor.person_id,
    )
    desk.session.add(left)
    desk.session.flush()
    due_at = early + timedelta(hours=12)
    set_timer(desk, kind=CUSTODY_TIMER, subject_type=CUSTODY, subject_id=left.id, due_at=due_at)
    type_list(desk, raid.id, "Lakshmi")
    desk.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    assert running(desk) == timers(desk, CUSTODY_TIMER) == []
    assert [one.taken_at for one in everybody(desk)] == [early], "the hour that somebody said"


def test_a_medicine_written_wrongly_is_put_right_and_what_it_said_stays(desk, raid):
    type_list(desk, raid.id, "Meena, insulin 2am")
    meena, (wrong,) = everybody(desk)[0], medicines(desk)
    later = wrong.due_at + timedelta(hours=1)
    lawyer = by(desk, make_in_charge(desk, Role.PARALEGAL))
    right = correct_medicine(lawyer, wrong.id, Needed(" insulin, long ", later), Source.LAWYER)
    assert (wrong.ended_how, right.corrects_id) == (MedicineEnd.CORRECTED, wrong.id)
    assert [one.subject_id for one in timers(desk, MEDICINE_TIMER)] == [right.id]
    her, story = read_one(desk, meena)
    assert [(one.what, one.due_at) for one in her.medicines] == [("insulin, long", later)]
    line = next(one for one in story if one.code is Change.CORRECTED)
    assert (line.words, line.who) == ("insulin, 02:00", lawyer.actor.person_id)
    assert (line.source, line.at) == (Source.LAWYER, desk.clock.now())
    kept = desk.session.scalars(
        select(TakenEvent.words).where(TakenEvent.code == Change.CORRECTED)
    ).one()
    assert b"insulin" not in kept
    same = Needed("insulin, long", later)
    assert correct_medicine(desk, right.id, same, Source.TEAM) is None, "nothing differs"
    with pytest.raises(StateError):
        correct_medicine(desk, wrong.id, same, Source.TEAM)
    end_medicine(desk, right.id, MedicineEnd.GIVEN, Source.TEAM)
    with pytest.raises(StateError):
        correct_medicine(desk, right.id, Needed("x", later), Source.TEAM)


def test_put_right_twice_is_a_chain_of_three(desk, raid):
    type_list(desk, raid.id, "Meena, insulin 2am")
    (first,) = medicines(desk)
    due = first.due_at
    second = correct_medicine(desk, first.id, Needed("ART", due), Source.TEAM)
    third = correct_medicine(desk, second.id, Needed("BP tablet", due), Source.TEAM)
    assert [one.what for one in read_taken(desk, raid.id)[0].medicines] == ["BP tablet"]
    assert (second.corrects_id, third.corrects_id) == (first.id, second.id)


def test_a_corrected_line_puts_its_medicine_right_instead_of_adding_one(desk, raid):
    key = new_command_key()
    type_list(desk, raid.id, "Meena, insulin 2am\n", key, whole=False)
    type_list(desk, raid.id, "Meena, insulin 3am\n", key, whole=False)
    type_list(desk, raid.id, "Meena, inslin 3am\n", key, whole=False)
    type_list(desk, raid.id, "Meena, insulin 3am, ART 6am", key)
    needed = read_taken(desk, raid.id)[0].needs
    assert [one.what for one in needed] == ["insulin", "ART"]
    assert len(timers(desk, MEDICINE_TIMER)) == 2


def test_what_is_overdue_stays_overdue_when_its_spelling_is_put_right(desk, raid):
    key = new_command_key()
    type_list(desk, raid.id, "Meena, inslin 2am\n", key, whole=False)
    (wrong,) = medicines(desk)
    due = wrong.due_at
    desk.clock.advance(due + timedelta(hours=7) - desk.clock.now())
    again = when(time(2), desk.clock.now(), desk.clock.zone)
    assert again > due, "two in the morning, said now, is tomorrow's"
    same = Needed("inslin", again)
    assert correct_medicine(desk, wrong.id, same, Source.TEAM) is None, "nothing differs"
    type_list(desk, raid.id, "Meena, insulin 2am\n", key)
    assert [(one.what, one.due_at) for one in read_taken(desk, raid.id)[0].needs] == [
        ("insulin", due)
    ]
    (timer,) = timers(desk, MEDICINE_TIMER)
    assert timer.due_at <= desk.clock.now() + timedelta(minutes=30)


def test_of_one_medicine_twice_the_dose_that_was_corrected_is_put_right(desk, raid):
    key = new_command_key()
    type_list(desk, raid.id, "Meena, insulin 2am, insulin 10am\n", key, whole=False)
    type_list(desk, raid.id, "Meena, insulin 2am, insulin 11am\n", key, whole=False)
    needed = read_taken(desk, raid.id)[0].needs
    zone = desk.clock.zone
    assert {one.due_at.astimezone(zone).time() for one in needed} == {time(2), time(11)}
    assert len(timers(desk, MEDICINE_TIMER)) == 2


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("a2", "a3", [("a3", "a2")]),
        ("a2", "b2", [("b2", "a2")]),
        ("a2", "a2 b3", [("b3", None)]),
        ("a2", "", []),
        ("a2", "b3", [("b3", None)]),
        ("a2 b3", "a4 b5", [("a4", "a2"), ("b5", "b3")]),
        ("a2", "a3 a4", [("a3", "a2"), ("a4", None)]),
    ],
)
def test_which_dose_stands_for_which(before, after, told):
    def dose(said: str) -> Dose:
        return Dose(said[0], time(int(said[1])))

    found = put_right([dose(d) for d in before.split()], [dose(d) for d in after.split()])
    assert found == [(dose(new), dose(was) if was else None) for new, was in told]
