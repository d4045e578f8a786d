"""A timer whose subject somebody holds is put off, and holds up nobody for longer than a lease."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from union.infra import timers
from union.infra.people import Person, new_person
from union.infra.timers import (
    LEASE,
    LONGEST_LOCK,
    TIMERS_QUEUE,
    Timer,
    finish_timers,
    fire_due,
    set_timers,
    take_timer,
)
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor

TEST = Actor.system("test")
A_SECOND = timedelta(seconds=1)


@pytest.fixture
def people(committing) -> list[int]:
    """Three, about each of whom something is due now."""
    with committing.begin(TEST) as work:
        found = [new_person(work).id for _ in range(3)]
        due_at = work.clock.now()
        set_timers(work, kind="ring", subject_type="person", subject_ids=found, due_at=due_at)
    return found


@pytest.fixture
def briefly(monkeypatch) -> None:
    """Locks are waited for as short as can be: the order of things is the same."""
    monkeypatch.setattr(timers, "_PATIENCE", text("SET LOCAL lock_timeout = 50"))


def lock(work, person_id: int) -> None:
    work.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def ring(work, timer) -> None:
    """As every handler: the subject first, then the timer."""
    lock(work, timer.subject_id)
    take_timer(work, timer)


def fire(unit: UnitOfWork) -> int:
    return fire_due(unit, {"ring": ring})


def row(unit: UnitOfWork, person_id: int) -> Timer:
    with unit.reading(TEST) as work:
        return work.session.scalars(select(Timer).where(Timer.subject_id == person_id)).one()


def still_open(unit: UnitOfWork) -> list[int]:
    with unit.reading(TEST) as work:
        waiting = select(Timer.subject_id).where(Timer.done_at.is_(None)).order_by(Timer.id)
        return list(work.session.scalars(waiting))


def test_a_lock_is_given_up_before_another_worker_may_claim_the_timer(committing, people):
    asked: list[str] = []

    def ask(work, _timer) -> None:
        asked.append(work.session.scalar(text("SHOW lock_timeout")))

    assert fire_due(committing, {"ring": ask}) == 3
    assert asked == [f"{LONGEST_LOCK.seconds}s"] * 3
    assert LONGEST_LOCK < LEASE
    with committing.reading(TEST) as work:
        assert work.session.scalar(text("SHOW lock_timeout")) == "8s", "for handlers only"


def test_a_held_subject_does_not_hold_up_the_next(committing, clock, people, briefly):
    with committing.begin(TEST) as holding:
        lock(holding, people[0])
        assert fire(committing) == 3
        assert still_open(committing) == people[:1]
        put_off = row(committing, people[0])
        assert (put_off.attempts, put_off.error_code) == (1, "OperationalError")
        assert fire(committing) == 0, "nobody lines up behind"
    clock.move_to(put_off.lease_until)
    assert fire(committing) == 1
    assert still_open(committing) == []


def test_who_holds_the_subject_and_its_timer_holds_up_neither(committing, people, briefly):
    with committing.begin(TEST) as holding:

        def held_meanwhile(work, timer) -> None:
            if timer.subject_id == people[0]:
                lock(holding, people[0])
                finish_timers(holding, "person", people[0])
            ring(work, timer)

        assert fire_due(committing, {"ring": held_meanwhile}) == 3
        assert still_open(committing) == people[:1], "not committed yet"
    assert still_open(committing) == []


def test_what_the_lease_would_not_last_for_is_let_go_at_once(committing, clock, people):
    woken: list[set[str]] = []
    unit = UnitOfWork(
        committing.sessions, clock, committing.vault, nudge=lambda queues: woken.append({*queues})
    )

    def slow(work, timer) -> None:
        ring(work, timer)
        clock.advance(LEASE - LONGEST_LOCK + A_SECOND)

    assert fire_due(unit, {"ring": slow}) == 3
    assert still_open(unit) == people[1:]
    assert woken == [{TIMERS_QUEUE}]
    assert fire(unit) == 2, "whoever comes next need not wait for the lease to end"


def test_what_somebody_else_holds_by_now_is_not_let_go_for_her(committing, clock, people):
    def stalled(work, timer) -> None:
        ring(work, timer)
        work.session.commit()
        clock.advance(LEASE)
        assert fire_due(committing, {"ring": lambda _work, _timer: None}) == 2

    assert fire_due(committing, {"ring": stalled}) == 3
    assert fire(committing) == 0
    clock.advance(LEASE)
    assert fire(committing) == 2
