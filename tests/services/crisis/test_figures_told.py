"""A month told by a timer, and who stands behind a call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import report
from tests.builders.figures import APART
from tests.builders.members import make_branch, make_member
from union.crisis.models import FigureEdition
from union.crisis.queries.editions import told_month
from union.crisis.queries.figures import people_behind
from union.crisis.services.figures import FIGURES, begin_telling, on_figures, tell_next_month
from union.infra.timers import Timer
from union.kernel.figures import Side, how_many
from union.kernel.periods import Month

OCTOBER = Month(2026, 10)


@pytest.fixture
def bidar(work):
    return make_branch(work)


def told_of(work, clock, **fields):
    """A call that is taken for no other."""
    clock.move_to(clock.now() + APART)
    return report(work, place=f"lodge {clock.now():%d %H}", **fields).incident_id


def waiting(work):
    rows = select(Timer).where(Timer.kind == FIGURES, Timer.done_at.is_(None))
    return work.session.scalars(rows).all()


def months(work):
    return [str(day) for day in work.session.scalars(select(FigureEdition.month_on))]


def test_a_month_is_looked_for_from_the_first_look_on_and_once(work, clock, bidar):
    begin_telling(work)
    begin_telling(work)
    (timer,) = waiting(work)
    assert timer.due_at.astimezone(clock.zone).isoformat() == "2026-11-08T04:00:00+05:30"


def test_a_look_set_by_a_clock_that_had_leapt_does_not_count(work, clock, bidar):
    begin_telling(work)
    (timer,) = waiting(work)
    due_at = timer.due_at
    timer.due_at += timedelta(days=4000)
    begin_telling(work)
    assert [one.due_at for one in waiting(work)] == [due_at]
    clock.move_to(due_at + timedelta(days=2))
    begin_telling(work)
    assert [one.due_at for one in waiting(work)] == [due_at], "one that is due stays as it is"


def test_the_timer_tells_each_month_that_is_over_and_waits_for_the_next(work, clock, bidar):
    told_of(work, clock)
    begin_telling(work)
    clock.move_to(datetime(2027, 1, 20, tzinfo=UTC))
    for _ in range(3):
        (timer,) = waiting(work)
        assert timer.due_at <= clock.now()
        on_figures(work, timer)
        on_figures(work, timer)
    assert months(work) == ["2026-10-01", "2026-11-01", "2026-12-01"]
    (timer,) = waiting(work)
    assert timer.due_at.astimezone(clock.zone).date().isoformat() == "2027-02-08"


def test_a_month_is_not_told_before_a_week_has_passed(work, clock, bidar):
    told_of(work, clock)
    clock.move_to(datetime(2026, 11, 7, 12, tzinfo=UTC))
    assert tell_next_month(work) is None
    clock.move_to(clock.now() + timedelta(days=1))
    assert tell_next_month(work) == OCTOBER


def test_without_a_call_there_is_nothing_to_tell(work, clock):
    clock.move_to(datetime(2027, 1, 20, tzinfo=UTC))
    assert tell_next_month(work) is None
    assert months(work) == []


def test_a_number_is_one_person_and_hers_if_it_is_known_to_be(work, clock, bidar):
    she = make_member(work, bidar).person_id
    number = "5800000999"
    ids = [
        told_of(work, clock, number=number, person_id=she),
        told_of(work, clock, number=number),
        told_of(work, clock, number="5800000888"),
        told_of(work, clock, number="5800000888"),
        told_of(work, clock),
    ]
    assert len(set(ids)) == 5
    behind = people_behind(work, ids)
    assert behind[ids[0]] == behind[ids[1]] == she
    assert behind[ids[2]] == behind[ids[3]] != she
    assert ids[4] not in behind
    assert how_many(behind.get(one) for one in ids) == 2


def test_ten_numbers_are_told_outside_and_ten_calls_of_nobody_known_are_not(work, clock, bidar):
    for number in range(10):
        told_of(work, clock, number=f"58000001{number:02d}")
    udupi = make_branch(work, "Udupi", 13.34, 74.74)
    for _ in range(10):
        told_of(work, clock, branch_id=udupi.id, district=None)
    clock.move_to(datetime(2026, 11, 8, 12, tzinfo=UTC))
    assert tell_next_month(work) == OCTOBER
    lines = told_month(work, OCTOBER, Side.OUTSIDE).lines
    assert [(one.name, one.calls) for one in lines] == [("Bidar", 10)]
