"""An ear is given back deaf or not at all, and a database lost meanwhile is told as that."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from union.infra.db import application_engine
from union.infra.timers import set_timer
from union.infra.timers_ear import Ear, listening
from union.kernel.actor import Actor

TEST = Actor.system("test")
HOUR = timedelta(hours=1)
PATIENCE = 60.0


class KilledError(BaseException):
    """What a process does not live to see."""


@contextlib.contextmanager
def short_of_connections(url: str) -> Iterator[Engine]:
    """An engine with one connection, so that whoever comes next is handed the same, if any."""
    engine = application_engine(url, pool_size=1, ping=False)
    yield engine
    engine.dispose()


def channels(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT pg_listening_channels()")))


def fall(ear: Ear) -> None:
    """As a database that is lost while somebody listens."""
    ear.connection.connection.driver_connection.close()


def fall_and_ask(ear: Ear) -> None:
    fall(ear)
    ear.next_at(HOUR)


def test_an_ear_is_given_back_deaf(fresh_database, clock):
    with short_of_connections(fresh_database.url) as engine:
        with listening(engine, clock) as ear:
            assert ear.connection.scalar(text("SELECT pg_listening_channels()"))
        assert channels(engine) == []


def test_whoever_fails_while_listening_leaves_no_ear_behind(fresh_database, clock):
    with short_of_connections(fresh_database.url) as engine:
        with pytest.raises(KilledError), listening(engine, clock):
            raise KilledError
        assert channels(engine) == []


def test_a_database_lost_while_listening_is_told_as_that(fresh_database, clock):
    with short_of_connections(fresh_database.url) as engine:
        with pytest.raises(DBAPIError) as lost, listening(engine, clock) as ear:
            fall_and_ask(ear)
        assert lost.value.connection_invalidated
        assert "timer" in str(lost.value.statement), "what was asked first, not the giving back"
        assert channels(engine) == []


def test_a_database_lost_unnoticed_is_noticed_when_the_ear_is_given_back(fresh_database, clock):
    with short_of_connections(fresh_database.url) as engine:
        with pytest.raises(DBAPIError, match="UNLISTEN"), listening(engine, clock) as ear:
            fall(ear)
        assert channels(engine) == []


def test_what_is_set_ends_a_pause_too(fresh_database, committing, clock):
    heard: list[bool] = []
    with short_of_connections(fresh_database.url) as engine, listening(engine, clock) as ear:
        with committing.begin(TEST) as work:
            due_at = work.clock.now()
            set_timer(work, kind="ring", subject_type="pot", subject_id=1, due_at=due_at)
        pausing = threading.Thread(
            target=lambda: heard.append(ear.wait(HOUR, HOUR.total_seconds())), daemon=True
        )
        pausing.start()
        pausing.join(PATIENCE)
        assert heard == [True]
