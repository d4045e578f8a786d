"""One kill of each kind while something hangs at each step of a page's way: nothing is lost."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tests.cluster import TestCluster
from tests.conftest import Parts
from tests.faults.nursery import Nursery
from tests.faults.processes import TEST, stage, wait_for
from tests.faults.steps import CREW, PATIENCE, Night
from tests.ports import free_port
from union.crisis.invariants import INVARIANTS
from union.infra.embedded.scratch import scratch_place
from union.infra.embedded.valkey import Keeper
from union.infra.settings import Secrets, Settings

LATE = 30.0
"""Seconds a page may be late on a busy machine: a lease is eight, a timer's four."""

WORKERS = ("facts", "timers", "send-sms", "send-voice")
BROKEN = text(
    " UNION ALL ".join(f"SELECT '{n}' WHERE EXISTS ({query})" for n, query in INVARIANTS.items())
)


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[TestCluster]:
    """A PostgreSQL of this module's own, for it is killed; it keeps what it committed."""
    with scratch_place("steps-") as place:
        own = TestCluster(place.data / "own")
        own.cluster.durable = True
        with own.running():
            yield own


@pytest.fixture
def own_parts(own_cluster: TestCluster, keeper: Keeper, nursery: Nursery, tmp_path: Path) -> Parts:
    database = own_cluster.database(own_cluster.copy())
    environment = {
        "DATABASE_URL": database.url,
        "DATABASE_OWNER_URL": database.owner_url,
        "KEYSTORE_URL": own_cluster.keystore_url(),
        "SIMULATOR_URL": own_cluster.outside_copy(),
        "REDIS_URL": keeper.url,
        "SANGHA_SECRETS": str(tmp_path / "secrets.json"),
    }
    Secrets.from_file_or_new(tmp_path / "secrets.json")
    return Parts(database, Settings.from_environment(environment), environment, nursery)


def kill_and_restart(*names: str) -> Callable[[Night, TestCluster], None]:
    """SIGKILL these of the crew; the supervisor would begin them anew, as this does."""

    def kill(night: Night, _cluster: TestCluster) -> None:
        for name in names:
            night.stage.crew.kill(name)
        night.stage.crew.start(*names)

    return kill


def kill_redis(night: Night, _cluster: TestCluster) -> None:
    os.kill(night.keeper._process.pid, signal.SIGKILL)
    night.keeper._process.wait()
    time.sleep(1)
    night.keeper.start()


def empty_redis(night: Night, _cluster: TestCluster) -> None:
    os.kill(night.keeper._process.pid, signal.SIGCONT)
    with Redis.from_url(night.keeper.url) as redis:
        redis.flushall()


def kill_postgres(_night: Night, cluster: TestCluster) -> None:
    """The one that leads, by SIGKILL: all the others of it die, and it recovers from its log."""
    process = cluster.cluster._process
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    cluster.cluster.start()


KILLS = {
    "web": kill_and_restart("web"),
    "workers": kill_and_restart(*WORKERS),
    "ticker": kill_and_restart("ticker"),
    "redis-killed": kill_redis,
    "redis-emptied": empty_redis,
    "postgresql": kill_postgres,
}


@pytest.mark.parametrize("kind", KILLS)
def test_one_kill_while_something_hangs_at_each_step(
    own_parts: Parts, own_cluster: TestCluster, keeper: Keeper, tmp_path: Path, kind: str
):
    port = free_port()
    more = {"WEB_PORT": str(port), "SANGHA_DEMONSTRATION": "1"}
    parts = replace(own_parts, environment={**own_parts.environment, **more})
    with stage(parts, tmp_path) as union:
        union.crew.start(*CREW)
        night = Night(union, keeper, port)
        night.set_up()
        with night.hanging():
            KILLS[kind](night, own_cluster)
        wait_for(lambda: is_whole(night), PATIENCE)
        night.recovers()
        assert is_whole(night)
        assert night.lateness() < LATE


def is_whole(night: Night) -> bool:
    """Whether every law of a crisis holds; False while PostgreSQL is not there yet."""
    try:
        with night.unit.reading(TEST) as work:
            broken = work.session.scalars(BROKEN).all()
    except SQLAlchemyError:
        return False
    assert broken == []
    return True
