"""Who reports in the measurement of a crisis: a desk in a process of its own, and its district.

``python -m bench.desk N`` is one of several: it says that it is ready, reads when to begin, and
prints what it told and the processor seconds it took. Never measures anything itself.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Collection
from dataclasses import dataclass, replace

from tests.builders.crisis import make_responder
from tests.builders.members import make_branch
from union.crisis.rules.escalation import Step
from union.crisis.rules.kinds import AskedAs, ContactChannel, Kind, TeamRole, Who
from union.crisis.rules.policies import Draft, Scope
from union.crisis.services import Report, receive_contact
from union.crisis.services.policies import new_policy
from union.infra.settings import Settings
from union.infra.work import Work
from union.kernel.actor import Actor
from union.wiring import House, build_house

DISTRICTS = 31
EACH = 8
RAIDED = 48
WANTED = 50
SECONDS = 10
DESKS = 4
WARM = 3
WARMING = 2_000_000
"""A desk is a process that has been there for days: what it does first does not count."""

BENCH = Actor.system("bench")
TWENTY_OF_EACH = Draft(
    {AskedAs.RESPONDER: 10, AskedAs.PARALEGAL: 10},
    (Step(Who.NEAREST, 60, spare=10), Step(Who.DUTY_OFFICER, 300, spare=10)),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A report: its incident, and when it began and was committed, in nanoseconds."""

    incident_id: int
    began: int
    committed: int


@dataclass
class Desk:
    """Somebody who reports: a house whose nudge, the first thing after a commit, is noted."""

    house: House
    committed: int = 0

    @classmethod
    def over(cls, settings: Settings) -> Desk:
        """A desk with a house of its own."""
        desk = cls(build_house(settings))
        nudge = desk.house.unit.nudge

        def noted(names: Collection[str]) -> None:
            desk.committed = time.time_ns()
            nudge(names)

        desk.house = replace(desk.house, unit=replace(desk.house.unit, nudge=noted))
        return desk

    def tell(self, told: Report) -> Told:
        """Report; TypeError if no incident came of it."""
        began = time.time_ns()
        incident_id = self.house.unit.run(
            BENCH, lambda work: receive_contact(work, told).incident_id
        )
        if incident_id is None:
            message = "no incident was opened"
            raise TypeError(message)
        return Told(incident_id, began, self.committed)


def violence(number: int) -> Report:
    """Something nobody else has told of."""
    return Report(
        channel=ContactChannel.WALK_IN,
        kind=Kind.CLIENT_VIOLENCE,
        place=f"lodge{number}",
        district=f"Zilla{number % DISTRICTS}",
        number=f"+9158{number:08d}",
    )


def raid(number: int) -> Report:
    """A raid where the many live."""
    return Report(
        channel=ContactChannel.WALK_IN,
        kind=Kind.ARREST_OR_RAID,
        place=f"street{number}",
        district="Zilla0",
        people=6,
    )


def people(work: Work) -> None:
    """The districts and who is certified there; forty-eight where the raids' policy asks forty."""
    for district in range(DISTRICTS):
        where = (12.0 + district * 0.2, 75.0 + district % 5)
        branch = make_branch(work, f"Zilla{district}", *where)
        for _ in range(EACH):
            make_responder(work, branch, point=where)
        if district:
            continue
        for role in (TeamRole.RESPONDER, TeamRole.PARALEGAL):
            for _ in range(RAIDED // 2):
                make_responder(work, branch, role, point=where)
        new_policy(work, Scope(Kind.ARREST_OR_RAID, branch_id=branch.id), TWENTY_OF_EACH)


def serve_desk(first: int) -> None:
    """Be one of several desks: report from an instant on that is read, and print what was told."""
    desk = Desk.over(Settings.from_environment())
    for number in range(WARM):
        desk.tell(violence(WARMING + first + number * DESKS))
    print("ready", flush=True)
    starts = float(sys.stdin.readline()) + first / WANTED
    told: list[Told] = []
    used = time.process_time()
    for number in range(WANTED * SECONDS // DESKS):
        time.sleep(max(0.0, starts + number * DESKS / WANTED - time.time()))
        if time.time() > starts + SECONDS:
            break
        told.append(desk.tell(violence(first + number * DESKS)))
    used = time.process_time() - used
    print(json.dumps([[[one.incident_id, one.began, one.committed] for one in told], used]))


if __name__ == "__main__":
    serve_desk(int(sys.argv[1]))
