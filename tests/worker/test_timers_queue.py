"""Timers as several processes meet them: claimed once, let go in time, never fired early."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.conftest import Parts
from union.infra.db import application_engine
from union.infra.timers import (
    LEASE,
    Timer,
    _claim,
    finish_timers,
    fire_due,
    has_due,
    set_timer,
    set_timers,
    take_timer,
)
from union.infra.timers_ear import listening
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor
from union.wiring import build_house
from worker import queues

TEST = Actor.system("test")
MANY = 60
PATIENCE = 60.0
HOUR = timedelta(hours=1)


class KilledError(BaseException):
    """What a process does not live to see."""


def make(unit: UnitOfWork, count: int = 1, **after) -> list[int]:
    """So many timers about different things, all due so long after now."""
    with unit.begin(TEST) as work:
        due_at = work.clock.now() + timedelta(**after)
        pots = list(range(1, count + 1))
        timers = set_timers(work, kind="ring", subject_type="pot", subject_ids=pots, due_at=due_at)
        return [timer.id for timer in timers]


def open_ids(unit: UnitOfWork) -> list[int]:
    with unit.reading(TEST) as work:
        waiting = select(Timer.id).where(Timer.done_at.is_(None)).order_by(Timer.id)
        return list(work.session.scalars(waiting))


def claim(unit: UnitOfWork, limit: int = 50) -> list[int]:
    """Claim and go no further, as who is killed right after."""
    with unit.begin(TEST) as work:
        return [timer_id for timer_id, _ in _claim(work, limit)]


def take(work, timer) -> None:
    assert take_timer(work, timer)


def test_two_who_claim_at_once_never_fire_one_twice(committing):
    wanted = make(committing, MANY)
    rung: list[int] = []
    turn = threading.Barrier(3)

    def ring(work, timer) -> None:
        rung.append(timer.id)
        take(work, timer)

    def work_off() -> None:
        turn.wait(PATIENCE)
        while fire_due(committing, {"ring": ring}, 3):
            pass

    hands = [threading.Thread(target=work_off) for _ in range(3)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(PATIENCE)
    while fire_due(committing, {"ring": ring}, 3):
        pass
    assert Counter(rung) == Counter(wanted)
    assert open_ids(committing) == []


def test_what_one_holds_in_an_open_claim_another_passes_over(committing):
    first, second = make(committing, 2)
    with committing.begin(TEST) as held:
        assert [timer_id for timer_id, _ in _claim(held, 1)] == [first]
        assert claim(committing) == [second]


def test_what_somebody_works_on_is_not_claimed_however_long_it_takes(committing, clock):
    (timer_id,) = make(committing)
    with committing.begin(TEST) as slow:
        take(slow, slow.session.get_one(Timer, timer_id))
        clock.advance(2 * LEASE)
        assert claim(committing) == []


def test_a_claim_whose_process_was_killed_lapses_with_its_lease(committing, clock):
    wanted = make(committing)
    assert claim(committing) == wanted
    clock.advance(LEASE - timedelta(milliseconds=1))
    assert claim(committing) == []
    clock.advance(timedelta(milliseconds=1))
    assert fire_due(committing, {"ring": take}) == 1
    assert open_ids(committing) == []


def test_killed_before_the_claim_was_committed_nothing_is_held(committing):
    wanted = make(committing)

    def killed() -> None:
        with committing.begin(TEST) as work:
            assert _claim(work, 50)
            raise KilledError

    with pytest.raises(KilledError):
        killed()
    assert claim(committing) == wanted


def test_killed_after_it_acted_and_before_the_commit_it_acts_again_once(committing, clock):
    (ringing,) = make(committing)

    def killed(work, timer) -> None:
        take(work, timer)
        set_timer(work, kind="echo", subject_type="pot", subject_id=1, due_at=timer.due_at + HOUR)
        raise KilledError

    def lives(work, timer) -> None:
        take(work, timer)
        set_timer(work, kind="echo", subject_type="pot", subject_id=1, due_at=timer.due_at + HOUR)

    with pytest.raises(KilledError):
        fire_due(committing, {"ring": killed})
    assert open_ids(committing) == [ringing], "what it did went with it"
    clock.advance(LEASE)
    assert fire_due(committing, {"ring": lives}) == 1
    assert len(open_ids(committing)) == 1, "its echo, once"


def test_what_was_finished_after_the_claim_is_not_acted_on(committing):
    make(committing, 2)
    acted: list[int] = []

    def ring(work, timer) -> None:
        if take_timer(work, timer):
            acted.append(timer.subject_id)
            finish_timers(work, "pot", 2)

    assert fire_due(committing, {"ring": ring}) == 2
    assert acted == [1]


def test_earliest_first_and_no_more_than_asked_for(committing, clock):
    with committing.begin(TEST) as work:
        now = work.clock.now()
        for seconds in (3, 1, 2):
            due_at = now - timedelta(seconds=seconds)
            set_timer(work, kind="ring", subject_type="pot", subject_id=seconds, due_at=due_at)
    fired: list[int] = []

    def ring(work, timer) -> None:
        take(work, timer)
        fired.append(timer.subject_id)

    assert fire_due(committing, {"ring": ring}, 2) == 2
    assert fired == [3, 2]


def test_a_claim_goes_by_the_clock_it_is_handed(committing, clock):
    wanted = make(committing, hours=1)
    clock.advance(HOUR - timedelta(microseconds=1))
    assert claim(committing) == []
    clock.advance(timedelta(microseconds=1))
    assert claim(committing) == wanted


def test_looking_ahead_says_what_comes_and_claims_nothing(committing, clock):
    wanted = make(committing, seconds=2)
    two = timedelta(seconds=2)
    assert two < LEASE

    def soon(**ahead) -> bool:
        with committing.reading(TEST) as work:
            return has_due(work, -timedelta(**ahead))

    assert not soon(seconds=1)
    assert soon(seconds=2)
    assert claim(committing) == [], "seen, and not claimed before its time"
    clock.advance(two)
    assert claim(committing) == wanted
    assert not soon(seconds=2), "held by somebody"
    clock.advance(LEASE - two)
    assert soon(seconds=2), "soon let go by whoever was killed"
    with committing.reading(TEST) as work:
        assert not has_due(work, timedelta(seconds=1)), "nobody else steps in before that"


@pytest.fixture
def ear(fresh_database, committing, clock):
    engine = application_engine(fresh_database.url)
    with listening(engine, clock) as ear:
        yield ear
    engine.dispose()


def test_an_ear_knows_when_the_next_may_be_claimed(committing, clock, ear):
    assert ear.next_at(HOUR) is None
    make(committing, seconds=30)
    at = clock.now() + timedelta(seconds=30)
    assert ear.next_at(timedelta(seconds=29)) is None
    assert ear.next_at(timedelta(seconds=30)) == at
    clock.move_to(at)
    assert claim(committing)
    assert ear.next_at(LEASE) == at + LEASE
    assert ear.next_at(LEASE / 2) is None
    assert not ear.wait(LEASE / 2)


@pytest.mark.parametrize("after", [timedelta(0), timedelta(seconds=1)])
def test_an_ear_that_waits_for_a_later_one_hears_of_a_sooner(committing, clock, ear, after):
    make(committing, minutes=10)
    heard: list[bool] = []
    waiting = threading.Thread(target=lambda: heard.append(ear.wait(HOUR)))
    waiting.start()
    with committing.begin(TEST) as work:
        due_at = work.clock.now() + after
        set_timer(work, kind="ring", subject_type="pot", subject_id=2, due_at=due_at)
    waiting.join(PATIENCE)
    assert heard == [True]


def test_the_queue_waits_for_what_comes_and_fires_nothing_early(parts: Parts, monkeypatch):
    house = build_house(parts.settings)
    early: list[timedelta] = []
    rung: list[int] = []

    def ring(work, timer) -> None:
        early.append(min(work.clock.now() - timer.due_at, timedelta(0)))
        rung.append(timer.subject_id)
        take(work, timer)

    monkeypatch.setattr(queues, "TIMERS", {"ring": ring})
    with house.unit.begin(TEST) as work:
        now = work.clock.now()
        for pot, seconds in enumerate((0.3, 0.1, 0.5, 3600)):
            due_at = now + timedelta(seconds=seconds)
            set_timer(work, kind="ring", subject_type="pot", subject_id=pot, due_at=due_at)
    assert queues.work_off(house, "timers") == 3
    assert rung == [1, 0, 2]
    assert not any(early)
    house.close()


def test_a_turn_takes_all_that_is_due_by_handfuls(parts: Parts, monkeypatch):
    house = build_house(parts.settings)
    sizes: list[int] = []
    fire = queues.timers.fire_due

    def counted(unit, handlers, limit) -> int:
        sizes.append(fire(unit, handlers, limit))
        return sizes[-1]

    monkeypatch.setattr(queues, "TIMERS", {"ring": take})
    monkeypatch.setattr(queues.timers, "fire_due", counted)
    make(house.unit, 2 * queues.HANDFUL + 1)
    turned = queues.work_off(house, "timers")
    while open_ids(house.unit):  # a slow machine lets go of what a lease would not last for
        turned += queues.work_off(house, "timers")
    assert turned == sum(sizes) >= 2 * queues.HANDFUL + 1
    assert max(sizes) == queues.HANDFUL
    assert open_ids(house.unit) == []
    house.close()
