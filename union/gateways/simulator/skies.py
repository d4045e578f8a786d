"""How well the simulated gateways are: a switch for demonstrations and fault tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from union.gateways.simulator.store import weather

if TYPE_CHECKING:
    from sqlalchemy import Engine

MODES = ("well", "slow", "refusing", "dead")


def set_weather(engine: Engine, channel: str, mode: str, seconds: float = 0.0) -> None:
    """Make a gateway well, slow, refusing or dead; `seconds` is what each call then takes."""
    with engine.begin() as connection:
        connection.execute(delete(weather).where(weather.c.channel == channel))
        if mode != "well":
            connection.execute(insert(weather).values(channel=channel, mode=mode, seconds=seconds))


def weathers(engine: Engine) -> Mapping[str, str]:
    """How the gateways are that are not well, by channel."""
    with engine.connect() as connection:
        return {row.channel: row.mode for row in connection.execute(select(weather))}
