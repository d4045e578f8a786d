"""The pages, over a database whose changes are rolled back after each test."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from http import HTTPStatus
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session

from tests.builders.identity import make_signed_in
from tests.cluster import Database, TestCluster
from union.factory import close_app, create_app
from union.infra.settings import Secrets, Settings
from union.infra.work import Work
from union.kernel.actor import Actor, Role
from union.kernel.clock import ManualClock
from union.web import errors
from union.web.current import EXTENSION
from union.web.database import db
from union.web.limits import limiter

NOBODY_LISTENS = "redis://127.0.0.1:9/0"


@pytest.fixture(scope="session")
def settings(cluster: TestCluster, database: Database, machine_secrets: Secrets) -> Settings:
    return Settings(
        database_url=database.url,
        owner_url=database.owner_url,
        keystore_url=cluster.keystore_url(),
        simulator_url=cluster.outside_copy(),
        redis_url=NOBODY_LISTENS,
        secrets=machine_secrets,
    )


class TurnsClock:
    """The time of the test whose turn it is: an application outlives a test, its clock does not."""

    turn: ManualClock

    @property
    def zone(self) -> ZoneInfo:
        return self.turn.zone

    def now(self) -> datetime:
        return self.turn.now()

    def today(self) -> date:
        return self.turn.today()


@dataclass
class Applications:
    """One application for each kind of settings: making one anew reads every template anew.

    What a template compiles to is kept by its text, for every process of the run.
    """

    compiled: FileSystemBytecodeCache
    clock: TurnsClock = field(default_factory=TurnsClock)
    made: dict[Settings, Flask] = field(default_factory=dict)

    def of(self, settings: Settings) -> Flask:
        if settings not in self.made:
            app = create_app(settings, self.clock)
            app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
            app.jinja_env.bytecode_cache = self.compiled
            self.made[settings] = app
        return self.made[settings]


@pytest.fixture(scope="session")
def applications(place: Path) -> Iterator[Applications]:
    templates = place / "templates"
    templates.mkdir(exist_ok=True)
    applications = Applications(FileSystemBytecodeCache(str(templates)))
    yield applications
    for app in applications.made.values():
        close_app(app)


@pytest.fixture
def app(
    applications: Applications, settings: Settings, clock: ManualClock, connection: Connection
) -> Iterator[Flask]:
    """The application inside one transaction that is rolled back whatever a page commits.

    What a test changes in its configuration and extensions is put back.
    """
    app = applications.of(settings)
    applications.clock.turn = clock
    limiter.enabled = False
    connection.begin_nested()
    with app.app_context():
        engines = db.engines
    own, engines[None] = engines[None], connection
    event.listen(db.session, "before_commit", _ask_every_law)
    config, extensions = dict(app.config), dict(app.extensions)
    yield app
    for there, before in ((app.config, config), (app.extensions, extensions)):
        there.clear()
        there.update(before)
    engines[None] = own
    event.remove(db.session, "before_commit", _ask_every_law)


def _ask_every_law(session: Session) -> None:
    """At a commit, not where a service tries one step of several."""
    if session.in_nested_transaction():
        return
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))


@dataclass(frozen=True, slots=True)
class PagesUnit:
    """The application's unit of work, each in a context of its own, as each request has one.

    A context left open would hand one browser's signed-in person to the next.
    """

    app: Flask

    @contextlib.contextmanager
    def begin(self, actor: Actor) -> Iterator[Work]:
        with self.app.app_context(), self.app.extensions[EXTENSION].unit.begin(actor) as work:
            yield work

    @contextlib.contextmanager
    def reading(self, actor: Actor) -> Iterator[Work]:
        with self.app.app_context(), self.app.extensions[EXTENSION].unit.reading(actor) as work:
            yield work


@pytest.fixture
def pages(app: Flask) -> PagesUnit:
    """The application's own unit of work, to prepare what its pages show."""
    return PagesUnit(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody not signed in."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[..., FlaskClient]:
    """A function: roles (and a person) in, her browser out."""

    def browser(
        *roles: Role, person_id: int | None = None, branch_id: int | None = None
    ) -> FlaskClient:
        with app.app_context(), app.extensions[EXTENSION].unit.begin(Actor.system("test")) as work:
            token = make_signed_in(work, roles, person_id, branch_id)
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = token
        return client

    return browser


@pytest.fixture
def told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first no of a kind has its whole page; of the hundreds that follow only the no counts."""
    answered: set[int] = set()
    whole = errors._answer

    def answer(status: int, *words: object) -> ResponseReturnValue:
        if status in answered and status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return "", status
        answered.add(status)
        return whole(status, *words)

    monkeypatch.setattr(errors, "_answer", answer)
