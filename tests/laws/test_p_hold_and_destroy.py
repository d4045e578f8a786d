"""A hold and the destruction of keys, each begun while the other is under way, by two connections.

Whichever comes first: no key is destroyed under a hold that stands, and every key that is destroyed
is written down as such sooner or later.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select, text

from tests.builders.erasing import ask_and_agree, make_cast, make_officer, order_now
from tests.builders.retention import Garden
from tests.faults.processes import wait_for
from union.infra.holds import HeldThing, HoldReason, LegalHold
from union.infra.key_ends import KeyEnd, destroy_some, keys_of
from union.infra.people import Person
from union.infra.retention import (
    DESTROY,
    RECORDS,
    Asked,
    RetentionKey,
    destroy_ordered,
    orders_keys,
)
from union.infra.timers import Timer, set_timer
from union.infra.work import UnitOfWork, Work
from union.kernel.actor import Actor, Role
from union.office.erasing.rules import WAIT
from union.office.erasing.services.carrying import begin
from union.office.retention.services.holds import NewHold, lift_hold, place_hold

TEST = Actor.system("test")
WAITING = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
OLD = timedelta(days=9000)


class KilledError(Exception):
    """The process ended here."""


@dataclass(frozen=True)
class Scene:
    """One key that is ordered to be destroyed, who destroys it, and two who may hold and lift."""

    unit: UnitOfWork
    database: str
    key: UUID
    thing: HeldThing
    named: str
    one: Actor
    two: Actor
    destroy: Callable[[Work], None]
    written: Callable[[Work], datetime | None]

    def hold(self, work: Work) -> None:
        until = work.clock.today() + timedelta(days=30)
        place_hold(work, NewHold(self.thing, self.named, HoldReason.DISPUTE, "x", until))

    def lift(self) -> None:
        with self.unit.reading(TEST) as work:
            ref = work.session.scalars(select(LegalHold.ref)).one()
        for actor in (self.one, self.two):
            with self.unit.begin(actor) as work:
                lift_hold(work, ref)

    def do(self, act: Callable[[Work], None]) -> None:
        with self.unit.begin(self.one) as work:
            act(work)

    def race(self, first: Callable[[Work], None], second: Callable[[Work], None]) -> None:
        """``second`` begins when ``first`` has done everything and not committed it."""
        with ThreadPoolExecutor(1) as crew, psycopg.connect(self.database) as looking:
            looking.autocommit = True
            with self.unit.begin(self.one) as work:
                first(work)
                later = crew.submit(self.do, second)
                wait_for(lambda: looking.execute(WAITING).fetchone() == (1,), 60)
            later.result(120)

    def is_gone(self) -> bool:
        with self.unit.reading(TEST) as work:
            return self.key in work.vault.destroyed([self.key])

    def gone_at(self) -> datetime | None:
        with self.unit.reading(TEST) as work:
            return self.written(work)


def aged_out(unit: UnitOfWork, database, clock) -> Scene:
    """The words of an incident whose time is over."""
    garden = Garden(database, clock.now())
    with unit.begin(TEST) as work:
        one, two = make_officer(work, Role.DUTY_OFFICER), make_officer(work, Role.COORDINATOR)
        key = work.vault.new_key()
    garden.live()
    garden.plant("incident_words", 11, OLD, key=key)
    with garden.connect() as connection:
        connection.execute("UPDATE contact SET key_ref = %s WHERE id = 11", (key,))
    with unit.begin(TEST) as work:
        orders_keys("incident_words")(work, Asked(work.clock.now(), 1))

    def destroy(work: Work) -> None:
        kind, number = RECORDS
        now = work.clock.now()
        set_timer(work, kind=DESTROY, subject_type=kind, subject_id=number, due_at=now)
        due = select(Timer).where(Timer.kind == DESTROY, Timer.done_at.is_(None))
        destroy_ordered(work, work.session.scalars(due.order_by(Timer.id.desc())).first())

    def written(work: Work) -> datetime | None:
        return work.session.get_one(RetentionKey, key).destroyed_at

    thing = HeldThing.INCIDENT
    return Scene(unit, database.superuser_url, key, thing, "i11", one, two, destroy, written)


def erased(unit: UnitOfWork, database, clock) -> Scene:
    """Somebody's own key, whose order to be erased has begun."""
    with unit.begin(TEST) as work:
        cast = make_cast(work)
    ref = ask_and_agree(unit, cast)
    clock.advance(WAIT)
    with unit.begin(TEST) as work:
        begin(work, order_now(work, ref))
        key = work.session.get_one(Person, cast.her).key_ref
        assert key in {one.key_ref for one in keys_of(work.session, order_now(work, ref))}

    def destroy(work: Work) -> None:
        destroy_some(work, order_now(work, ref))

    def written(work: Work) -> datetime | None:
        return work.session.get_one(KeyEnd, key).destroyed_at

    thing, named = HeldThing.PERSON, cast.card
    database = database.superuser_url
    return Scene(unit, database, key, thing, named, cast.one, cast.two, destroy, written)


@pytest.fixture(params=[aged_out, erased], ids=["aged_out", "erased"])
def scene(request, fresh_database, committing, clock) -> Scene:
    return request.param(committing, fresh_database, clock)


def test_a_hold_waits_for_who_destroys_and_finds_it_written(scene):
    scene.race(scene.destroy, scene.hold)
    assert scene.is_gone()
    assert scene.gone_at() is not None


def test_who_destroys_waits_for_a_hold_and_leaves_what_it_holds(scene):
    scene.race(scene.hold, scene.destroy)
    assert not scene.is_gone()
    assert scene.gone_at() is None
    scene.do(scene.destroy)
    assert not scene.is_gone()
    scene.lift()
    scene.do(scene.destroy)
    assert scene.is_gone()
    assert scene.gone_at() is not None


def test_what_was_destroyed_before_a_kill_is_written_once_the_hold_ends(scene):
    def killed(work: Work) -> None:
        scene.destroy(work)
        raise KilledError

    with pytest.raises(KilledError):
        scene.do(killed)
    assert scene.is_gone()
    assert scene.gone_at() is None
    scene.do(scene.hold)
    scene.do(scene.destroy)
    assert scene.gone_at() is None
    scene.lift()
    scene.do(scene.destroy)
    assert scene.gone_at() is not None


def test_nothing_is_left_ordered_for_ever(scene):
    scene.race(scene.destroy, scene.destroy)
    with scene.unit.reading(TEST) as work:
        for table in ("retention_key", "key_end"):
            left = text(f"SELECT count(*) FROM {table} WHERE destroyed_at IS NULL")
            assert work.session.scalar(left) == 0
