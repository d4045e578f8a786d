"""One storm from beginning to end: parts, people, carrier, kills, and the account afterwards."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.processes import wait_for
from tests.faults.storm.account import Account, Kill, account
from tests.faults.storm.carrier import Carrier
from tests.faults.storm.deployment import Deployment, make_union
from tests.faults.storm.desk import Desk
from tests.faults.storm.telephones import Telephones
from tests.faults.storm.weather import PROVIDER, Storm, WayIn, as_provider
from union.cli.running import built_house, prepare
from union.infra.embedded import parts
from union.infra.embedded.scratch import scratch_place
from union.infra.settings import Settings
from union.wiring import House

RESPONDERS = 25
SETTLES = 240.0
"""Seconds in which the last incidents end."""

QUIET = 20.0
"""Seconds after which everything that was due has been done."""


@dataclass(frozen=True, slots=True)
class Blown:
    """What came of a storm."""

    account: Account
    kills: Sequence[Kill]
    people: dict[str, int]
    broken: frozenset[str]

    def lines(self) -> list[str]:
        """For a person to read."""
        met = ", ".join(f"{what} {count}" for what, count in sorted(self.people.items()))
        laws = f"laws seen broken at a look: {', '.join(sorted(self.broken)) or 'none'}"
        return [*self.account.lines(self.kills), laws, f"telephones: {met}"]

    def missing(self) -> list[str]:
        """What must not be; empty when all is well."""
        found = self.account
        wrong = {
            "contacts lost": found.contacts_lost,
            "pages lost": len(found.pages_lost),
            "escalations missed": found.escalations_missed,
            "keys at the door twice": found.doubles,
            "laws seen broken": len(self.broken),
        }
        return [f"{what}: {count}" for what, count in wrong.items() if count]


def blow(folder: Path, *, incidents: int, kills: int, seed: int) -> Blown:
    """Let it blow over parts of its own, which are thrown away; the log stays in ``folder``."""
    with scratch_place("storm-") as place, parts({"SANGHA_DATA": str(place.data)}) as endpoints:
        prepare(endpoints)
        settings = Settings.from_environment({**os.environ, **endpoints.environment()})
        with built_house(settings) as house:
            return _blow(house, Deployment(endpoints, folder / "up.log"), incidents, kills, seed)


def _blow(house: House, deployment: Deployment, incidents: int, kills: int, seed: int) -> Blown:
    staff = make_union(house.unit, RESPONDERS)
    way_in = WayIn()
    telephones = Telephones(way_in.bring, seed)
    carrier = Carrier(telephones.deliver, seed)
    desk = Desk(house.unit, staff.operator)
    storm = Storm(deployment, desk, way_in, incidents, kills, seed)
    try:
        with deployment.running(as_provider(carrier.open())):
            way_in.url = f"{deployment.url}/in/sms/{PROVIDER}"
            desk.open()
            storm.blow()
            wait_for(lambda: desk.has_looked_since(storm.over_at) and not desk.open_now, SETTLES)
            time.sleep(QUIET)
    finally:
        desk.close()
        way_in.over.set()
        telephones.close()
        carrier.close()
    found = account(house.unit, carrier.knocks, storm.killed, storm.reported)
    return Blown(found, storm.killed, dict(telephones.met), frozenset(desk.broken))
