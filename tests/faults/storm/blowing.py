"""One storm from beginning to end: parts, people, carrier, kills, and the account afterwards."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.cluster import let_offices_be_given
from tests.faults.storm.account import Account, Kill, account
from tests.faults.storm.carrier import Carrier
from tests.faults.storm.deployment import Deployment, make_union
from tests.faults.storm.desk import Desk
from tests.faults.storm.progress import Progress
from tests.faults.storm.telephones import Telephones
from tests.faults.storm.weather import PROVIDER, WAIT, Storm, WayIn, as_provider
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
    not_reported: int = 0
    not_killed: int = 0
    cut_short: str = ""

    def lines(self) -> list[str]:
        """For a person to read."""
        met = ", ".join(f"{what} {count}" for what, count in sorted(self.people.items()))
        laws = f"laws seen broken at a look: {', '.join(sorted(self.broken)) or 'none'}"
        cut = [self.cut_short] if self.cut_short else []
        return [*cut, *self.account.lines(self.kills), laws, f"telephones: {met}"]

    def missing(self) -> list[str]:
        """What must not be; empty when all is well."""
        found = self.account
        wrong = {
            "incidents not reported": self.not_reported,
            "kills that were not made": self.not_killed,
            "contacts lost": found.contacts_lost,
            "pages lost": len(found.pages_lost),
            "escalations missed": len(found.escalations_missed),
            "keys at the door twice": found.doubles,
            "incidents that never ended": found.still_open,
            "laws seen broken": len(self.broken),
        }
        return [f"{what}: {count}" for what, count in wrong.items() if count]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of it; ``cut``, once set, ends it early, and what was until then is accounted for.

    It is set after so many minutes, if any are given. ``say`` is told now and then how it goes.
    """

    incidents: int
    kills: int
    seed: int
    minutes: int = 0
    cut: threading.Event = field(default_factory=threading.Event)
    say: Callable[[str], None] = lambda _line: None


def blow(folder: Path, plan: Plan) -> Blown:
    """Let it blow over parts of its own, which are thrown away; the log stays in ``folder``."""
    with scratch_place("storm-") as place, parts({"SANGHA_DATA": str(place.data)}) as endpoints:
        prepare(endpoints)
        let_offices_be_given(endpoints.owner_database_url)
        settings = Settings.from_environment({**os.environ, **endpoints.environment()})
        with built_house(settings) as house:
            return _blow(house, Deployment(endpoints, folder / "up.log"), plan)


def _blow(house: House, deployment: Deployment, plan: Plan) -> Blown:
    staff = make_union(house.unit, RESPONDERS)
    way_in = WayIn()
    telephones = Telephones(way_in.bring, plan.seed)
    carrier = Carrier(telephones.deliver, plan.seed)
    desk = Desk(house.unit, staff.operator)
    storm = Storm(deployment, desk, way_in, plan.incidents, plan.kills, plan.seed, cut=plan.cut)
    progress = Progress(deployment, storm, desk, carrier, plan.say)
    bell = threading.Timer(60.0 * plan.minutes, plan.cut.set)
    try:
        with deployment.running(as_provider(carrier.open())):
            way_in.url = f"{deployment.url}/in/sms/{PROVIDER}"
            desk.open()
            if plan.minutes:
                bell.start()
            storm.blow(progress.tell)
            _settle(desk, storm, progress)
            time.sleep(QUIET)
            desk.ask_laws()
            ended_at = time.time()
    finally:
        bell.cancel()
        desk.close()
        way_in.over.set()
        telephones.close()
        carrier.close()
    found = account(house.unit, carrier.knocks, storm.killed, storm.reported, ended_at)
    cut = (
        f"cut short after {len(storm.reported)} of {plan.incidents} incidents"
        f" and {len(storm.killed)} of {plan.kills} kills"
    )
    return Blown(
        found,
        storm.killed,
        dict(telephones.met),
        frozenset(desk.broken),
        not_reported=plan.incidents - len(storm.reported),
        not_killed=plan.kills - len(storm.killed),
        cut_short=cut if plan.cut.is_set() else "",
    )


def _settle(desk: Desk, storm: Storm, progress: Progress) -> None:
    """Until the last incidents have ended; who has not after a while is in the account as open."""
    ends = time.monotonic() + SETTLES
    while time.monotonic() < ends:
        if desk.has_looked_since(storm.over_at) and not desk.open_now:
            return
        progress.tell()
        time.sleep(WAIT)
