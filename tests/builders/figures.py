"""A month of calls from several districts, each by somebody else unless it is said who."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tests.builders.crisis import report
from tests.builders.members import make_branch, make_member
from union.crisis.services.figures import tell_next_month
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor
from union.kernel.clock import ManualClock

APART = timedelta(hours=3)
"""So far apart no two calls are taken for one."""

TELLS = Actor.system("test")
WHERE = {"Bidar": (17.91, 77.52), "Udupi": (13.34, 74.74), "Hassan": (13.0, 76.1)}


def calls_of(
    unit: UnitOfWork,
    clock: ManualClock,
    districts: Mapping[str, int],
    same: Sequence[int] = (),
) -> None:
    """So many calls of each district; ``same``: the people who call, in turn, instead of others."""
    number = 0
    for name, count in districts.items():
        for _ in range(count):
            with unit.begin(TELLS) as work:
                branch = make_branch(work, name, *WHERE[name])
                who = same[number % len(same)] if same else make_member(work, branch).person_id
                report(work, place=f"lodge {number}", district=name, person_id=who)
            number += 1
            clock.move_to(clock.now() + APART)


def tell(unit: UnitOfWork, clock: ManualClock, year: int, month: int) -> None:
    """Tell the month before, on the eighth of this one."""
    clock.move_to(datetime(year, month, 8, 1, tzinfo=UTC))
    with unit.begin(TELLS) as work:
        assert tell_next_month(work) is not None
