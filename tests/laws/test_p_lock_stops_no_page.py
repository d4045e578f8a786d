"""The lock of the office stops no page: one night, locked at each of its steps, stays the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import sessionmaker

from tests.builders.crisis import FORCED, HERS, Night, Workers
from tests.builders.locking import make_keeper
from tests.builders.members import make_circles
from tests.conftest import START, AnyRoute, SavepointSession
from union.crisis import services
from union.crisis.invariants import INVARIANTS
from union.crisis.models import IncidentEvent
from union.infra.office_locks import standing_lock
from union.infra.vault import Vault
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor, Role
from union.kernel.clock import ManualClock
from union.messages.models import Attempt
from union.office.locking.services import How, lock_office

TEST = Actor.system("test")
Seen = list[tuple[str, datetime]]


@contextmanager
def a_night(engine: Engine, vault: Vault) -> Iterator[Night]:
    """A night of its own, of which nothing stays."""
    clock = ManualClock(START)
    with engine.connect() as connection:
        outermost = connection.begin()
        sessions = sessionmaker(
            connection,
            class_=SavepointSession,
            expire_on_commit=False,
            join_transaction_mode="create_savepoint",
        )
        unit = UnitOfWork(sessions=sessions, clock=clock, vault=vault, routes=AnyRoute())
        yield Night(unit, Workers(unit, clock), clock)
        outermost.rollback()


def steps_of(night: Night) -> list[Callable[[], object]]:
    """One yes, one under force, one who drops out; a step of the search; a second incident."""
    with night.unit.begin(TEST) as work:
        for role in (Role.SIGNATORY, Role.TRUSTEE):
            make_keeper(work, role)
        make_circles(work)
    night.in_charge(Role.COORDINATOR)
    night.in_charge(Role.DUTY_OFFICER)
    team = night.team(5)
    return [
        night.call,
        lambda: night.comes(team[0]),
        lambda: night.comes(team[1], FORCED),
        lambda: night.passes(seconds=120),
        lambda: night.do(team[0], services.set_out),
        lambda: night.call(place="Bidar bus stand"),
        lambda: night.passes(seconds=90),
        lambda: night.do(team[0], services.drop_out),
        lambda: night.comes(team[2], HERS),
        lambda: night.passes(minutes=20),
    ]


def lock(night: Night) -> None:
    with night.unit.begin(TEST) as work:
        assert lock_office(work, How.COMMAND, None) is not None
    night.workers.settle()


def happened(night: Night) -> tuple[Seen, Seen]:
    """The timelines, and when which way was tried."""
    with night.unit.reading(TEST) as work:
        said = select(IncidentEvent.code, IncidentEvent.at).order_by(IncidentEvent.id)
        tried = select(Attempt.channel, Attempt.due_at).order_by(Attempt.due_at, Attempt.channel)
        return (
            [tuple(row) for row in work.session.execute(said)],
            [tuple(row) for row in work.session.execute(tried)],
        )


def broken(night: Night) -> list[str]:
    with night.unit.reading(TEST) as work:
        return [name for name, law in INVARIANTS.items() if work.session.execute(text(law)).all()]


@pytest.fixture
def as_always(engine, vault) -> tuple[Seen, Seen]:
    with a_night(engine, vault) as night:
        for step in steps_of(night):
            step()
        return happened(night)


@pytest.mark.parametrize(
    "steps", [pytest.param((0, 5, 8), id="some"), pytest.param(range(10), marks=pytest.mark.prove)]
)
def test_whenever_it_is_locked_the_night_goes_on_as_it_would_have(engine, vault, as_always, steps):
    said, tried = as_always
    assert len(said) > 10
    assert len(tried) > 5
    for locked_before in steps:
        with a_night(engine, vault) as night:
            for number, step in enumerate(steps_of(night)):
                if number == locked_before:
                    lock(night)
                step()
            assert happened(night) == as_always, f"locked before step {locked_before}"
            assert broken(night) == []
            with night.unit.reading(TEST) as work:
                assert standing_lock(work.session) is not None
