"""Facts reach every handler with exactly one effect; timers fire until taken."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from union.infra.outbox import (
    Outbox,
    OutboxDelivery,
    UnknownFactError,
    deliver_due,
    handler_name,
    record_fact,
)
from union.infra.people import Person, new_person
from union.infra.timers import Timer, finish_timers, fire_due, set_timer, take_timer
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor
from union.kernel.errors import NotFoundError

ACTOR = Actor.system("test")


def _make_person(work, ids):
    new_person(work)


def _fail(work, ids):
    new_person(work)
    raise NotFoundError


@pytest.fixture
def told(unit: UnitOfWork) -> UnitOfWork:
    routes = {"seen": (handler_name(_make_person), handler_name(_fail)), "unheard": ()}
    return UnitOfWork(unit.sessions, unit.clock, unit.vault, routes)


HANDLERS = {handler_name(_make_person): _make_person, handler_name(_fail): _fail}


def _count(unit, table):
    with unit.begin(ACTOR) as work:
        return work.session.scalar(select(func.count()).select_from(table))


def test_a_fact_commits_with_its_writer_or_not_at_all(told):
    def declare_and_break():
        with told.begin(ACTOR) as work:
            record_fact(work, "seen", person_id=1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        declare_and_break()
    assert _count(told, Outbox) == 0
    assert deliver_due(told, HANDLERS) == 0


def test_a_fact_nobody_knows_is_refused(told):
    with pytest.raises(UnknownFactError), told.begin(ACTOR) as work:
        record_fact(work, "misspelt")


def test_each_handler_once_and_a_failing_one_again_later_without_its_effects(told, clock):
    with told.begin(ACTOR) as work:
        record_fact(work, "seen", person_id=1)
        record_fact(work, "unheard")
        assert work.nudges == {"facts"}
    people = _count(told, Person)
    assert deliver_due(told, HANDLERS) == 2
    assert _count(told, Person) == people + 1, "the failing handler's person was rolled back"
    assert deliver_due(told, HANDLERS) == 0, "not before its time"
    clock.advance(timedelta(seconds=5))
    assert deliver_due(told, HANDLERS) == 1
    with told.begin(ACTOR) as work:
        failing = work.session.scalars(
            select(OutboxDelivery).where(OutboxDelivery.done_at.is_(None))
        ).one()
        assert (failing.error_code, failing.attempts) == ("not_found", 2)


def test_a_claim_whose_process_died_is_claimed_again_when_the_lease_ends(told, clock):
    with told.begin(ACTOR) as work:
        record_fact(work, "seen", person_id=1)
    with told.begin(ACTOR) as work:
        for row in work.session.scalars(select(OutboxDelivery)):
            row.lease_until = clock.now() + timedelta(seconds=20)
    assert deliver_due(told, HANDLERS) == 0
    clock.advance(timedelta(seconds=21))
    assert deliver_due(told, HANDLERS) == 2


def _ring(work, timer):
    if take_timer(work, timer):
        new_person(work)


def _set(unit, clock, **by):
    with unit.begin(ACTOR) as work:
        return set_timer(
            work,
            kind="ring",
            subject_type="incident",
            subject_id=1,
            due_at=clock.now() + timedelta(**by),
        ).id


def test_a_timer_fires_when_due_and_once(unit, clock):
    _set(unit, clock, seconds=30)
    people = _count(unit, Person)
    assert fire_due(unit, {"ring": _ring}) == 0
    clock.advance(timedelta(seconds=30))
    assert fire_due(unit, {"ring": _ring}) == 1
    assert fire_due(unit, {"ring": _ring}) == 0
    assert _count(unit, Person) == people + 1


def test_a_timer_nobody_took_comes_again(unit, clock):
    _set(unit, clock, seconds=0)
    assert fire_due(unit, {"ring": lambda _work, _timer: None}) == 1
    assert fire_due(unit, {"ring": _ring}) == 0, "leased"
    clock.advance(timedelta(seconds=11))
    assert fire_due(unit, {"ring": _ring}) == 1


def test_a_failing_timer_is_tried_again_within_half_a_minute(unit, clock):
    timer_id = _set(unit, clock, seconds=0)
    for _ in range(12):
        fire_due(unit, {"ring": _broken})
        clock.advance(timedelta(seconds=31))
    with unit.begin(ACTOR) as work:
        timer = work.session.get_one(Timer, timer_id)
        assert (timer.attempts, timer.error_code, timer.done_at) == (12, "ZeroDivisionError", None)


def _broken(_work, _timer):
    raise ZeroDivisionError


def test_finishing_timers_of_one_kind_leaves_the_others(work, clock):
    for kind in ("ring", "ring", "safety"):
        set_timer(work, kind=kind, subject_type="incident", subject_id=9, due_at=clock.now())
    assert finish_timers(work, "incident", 9, "ring") == 2
    assert finish_timers(work, "incident", 9) == 1
    assert finish_timers(work, "incident", 9) == 0
