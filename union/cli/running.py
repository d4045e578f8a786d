"""What most commands begin with: running parts, a schema that is current, and a house over them."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from union.gateways.payments import stand_in
from union.gateways.simulator import store as simulator
from union.infra import schema
from union.infra.db import owner_engine
from union.infra.embedded import Endpoints, StartError, parts, scratch_parts
from union.infra.keystore_schema import bring_forward
from union.infra.logs import configure
from union.infra.notice_settings import NoticeSettings
from union.infra.settings import Settings
from union.wiring import House, build_house

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from union.kernel.clock import Clock

NOT_CURRENT = (
    "The database of DATABASE_URL has not been brought up to date: run `union db upgrade` first."
)


def say(step: str) -> None:
    """Show one step on the error stream, which leaves the other to results."""
    click.echo(f"· {step}", err=True)


def print_json(result: Mapping[str, Any]) -> None:
    """Print a command's result as its last line: one JSON object."""
    click.echo(json.dumps(result))


def prepare(endpoints: Endpoints) -> None:
    """Bring every schema forward: the union's, the key store's, the simulator's."""
    schema.upgrade(endpoints.owner_database_url)
    bring_forward(endpoints.keystore_owner_url, endpoints.keystore_url)
    _create(endpoints.simulator_url, simulator.create_schema)
    _create(endpoints.simulator_url, stand_in.create_schema)


def _create(url: str, create: Callable[..., None]) -> None:
    engine = owner_engine(url)
    try:
        create(engine)
    finally:
        engine.dispose()


def settings_of(endpoints: Endpoints) -> Settings:
    """The environment's settings with the running parts filled in."""
    return Settings.from_environment({**os.environ, **endpoints.environment()})


@contextlib.contextmanager
def current_parts() -> Iterator[Endpoints]:
    """This clone's parts (or the environment's own) for as long as needed, their schema current."""
    configure("command")
    with parts() as endpoints:
        if "DATABASE_URL" not in os.environ:
            prepare(endpoints)
        elif not schema.is_current(endpoints.owner_database_url):
            raise StartError(NOT_CURRENT)
        yield endpoints


@contextlib.contextmanager
def running_house() -> Iterator[House]:
    """A house over the same, let go of at the end."""
    with current_parts() as endpoints, built_house(settings_of(endpoints)) as house:
        yield house


@contextlib.contextmanager
def scratch_house(clock: Clock | None = None) -> Iterator[House]:
    """A house over parts of its own that are thrown away: it can reach no living union.

    Its Redis address answers to nobody.
    """
    configure("command")
    with scratch_parts() as endpoints:
        prepare(endpoints)
        # Whatever the environment names: from here nobody real is rung, written to or charged.
        alone = replace(settings_of(endpoints), ways=None, cards=None, notices=NoticeSettings())
        with built_house(alone, clock) as house:
            yield house


@contextlib.contextmanager
def built_house(settings: Settings, clock: Clock | None = None) -> Iterator[House]:
    """A house over what ``settings`` name, let go of at the end."""
    house = build_house(settings, clock)
    try:
        yield house
    finally:
        house.close()
