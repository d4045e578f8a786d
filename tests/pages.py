"""The pages, over a database whose changes are rolled back after each test."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session

from tests.builders.identity import make_signed_in
from tests.cluster import Database, TestCluster
from union.factory import HOUSE, create_app
from union.infra.settings import Secrets, Settings
from union.infra.work import Work
from union.kernel.actor import Actor, Role
from union.kernel.clock import ManualClock
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


@pytest.fixture
def app(settings: Settings, clock: ManualClock, connection: Connection) -> Iterator[Flask]:
    """The application inside one transaction that is rolled back whatever a page commits."""
    app = create_app(settings, clock)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    limiter.enabled = False
    connection.begin_nested()
    with app.app_context():
        db.engines[None] = connection
    event.listen(db.session, "before_commit", _ask_every_law)
    yield app
    event.remove(db.session, "before_commit", _ask_every_law)
    app.extensions[HOUSE].close()


def _ask_every_law(session: Session) -> None:
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
