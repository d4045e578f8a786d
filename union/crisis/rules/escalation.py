"""The steps of a policy: whom to ask next, how many, how long to wait; the last never ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from union.crisis.rules.kinds import AskedAs, Kind, Who
from union.kernel.geo import distance_km
from union.messages.rules.reach import ALSO_CALLED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NEIGHBOUR_KM = 130.0
FEWEST_NEIGHBOURS = 4
MOST_NEIGHBOURS = 8
BY_TELEPHONE = frozenset({AskedAs.PARALEGAL, AskedAs.COUNSELLOR})
OFTEN = 3
SPARE = 1
"""Asked beyond what is missing, for a third never answer."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: whom it asks, and how many seconds it waits for answers.

    ``roles`` it asks for: none means all that are missing; ``ways`` come before her own.
    """

    who: Who
    wait_seconds: int
    spare: int = SPARE
    roles: frozenset[AskedAs] = frozenset()
    ways: tuple[str, ...] = ()

    def of(self, missing: Mapping[AskedAs, int]) -> dict[AskedAs, int]:
        """What this step asks for, of all that is missing."""
        return {role: n for role, n in missing.items() if not self.roles or role in self.roles}


@dataclass(frozen=True, slots=True)
class District:
    """A branch with the cell of its headquarters."""

    branch_id: int
    cell: str


def read_steps(rows: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """The steps as a policy row keeps them."""
    return tuple(
        Step(
            who=Who(row["who"]),
            wait_seconds=int(row["wait_seconds"]),
            spare=int(row.get("spare", SPARE)),
            roles=frozenset(AskedAs(role) for role in row.get("roles", ())),
            ways=tuple(row.get("ways", ())),
        )
        for row in rows
    )


def write_steps(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps as a policy row keeps them; ``read_steps`` gives the same ones back."""
    return [
        {
            "who": step.who.value,
            "wait_seconds": step.wait_seconds,
            "spare": step.spare,
            "roles": sorted(role.value for role in step.roles),
            "ways": list(step.ways),
        }
        for step in steps
    ]


def ways_in_order(first: Sequence[str], hers: Sequence[str]) -> list[str]:
    """A step's ways, as far as she has them, before the rest of hers; none of hers is lost."""
    mine = [way for one in first for way in hers if ALSO_CALLED.get(way, way) == one]
    return [*mine, *(way for way in hers if way not in mine)]


def next_index(steps: Sequence[Step], index: int) -> int:
    """The step after ``index``; the last one is its own successor, so escalation never ends."""
    return min(index + 1, len(steps) - 1)


def neighbours(of: District, districts: Sequence[District]) -> frozenset[int]:
    """The district and the nearest ones around it: at least four others wherever they are."""
    others = sorted(
        (distance_km(of.cell, d.cell), d.branch_id)
        for d in districts
        if d.branch_id != of.branch_id
    )
    near = [
        branch_id
        for place, (km, branch_id) in enumerate(others[:MOST_NEIGHBOURS])
        if km <= NEIGHBOUR_KM or place < FEWEST_NEIGHBOURS
    ]
    return frozenset({of.branch_id, *near})


def scope(who: Who, home: District | None, districts: Sequence[District]) -> frozenset[int] | None:
    """The branches a step looks in; None is the whole state, also where no district is known."""
    if home is None or who not in (Who.NEAREST, Who.NEIGHBOURS):
        return None
    if who is Who.NEAREST:
        return frozenset({home.branch_id})
    return neighbours(home, districts)


def widening(who: Who, role: AskedAs) -> tuple[Who, ...]:
    """Where to look at once, in turn, until somebody is found for ``role``.

    An empty district does not cost the wait of a step; who helps by telephone may sit anywhere.
    """
    order = (Who.NEAREST, Who.NEIGHBOURS, Who.STATE)
    if who not in order:
        return (Who.STATE,)
    last = Who.STATE if role in BY_TELEPHONE else max(who, Who.NEIGHBOURS, key=order.index)
    return order[order.index(who) : order.index(last) + 1]


def how_many(missing: int, waiting: int, spare: int) -> int:
    """How many more to ask: what is missing and the spare, less those who may still answer."""
    return max(0, missing + spare - waiting)


def overflow_wait(times: int, *, looked_after: bool) -> timedelta:
    """How long until a contact nobody took is told of again; it never ends.

    One for whom people are already on their way is told of less often as time passes.
    """
    if times == 1:
        return timedelta(minutes=1)
    return timedelta(minutes=10 if looked_after and times > OFTEN else 3)


_LADDER: tuple[Mapping[str, Any], ...] = (
    {"who": "nearest", "wait_seconds": 120, "spare": 1},
    {"who": "nearest", "wait_seconds": 120, "spare": 1},
    {"who": "neighbours", "wait_seconds": 150, "spare": 1},
    {"who": "neighbours", "wait_seconds": 150, "spare": 2},
    {"who": "coordinators", "wait_seconds": 240, "spare": 0},
    {"who": "duty_officer", "wait_seconds": 300, "spare": 0},
)
_URGENT: tuple[Mapping[str, Any], ...] = tuple(
    {**step, "wait_seconds": int(step["wait_seconds"]) * 3 // 4, "spare": int(step["spare"]) + 1}
    for step in _LADDER
)
_BY_PHONE: tuple[Mapping[str, Any], ...] = (
    {"who": "nearest", "wait_seconds": 60, "spare": 1},
    {"who": "state", "wait_seconds": 60, "spare": 2},
    {"who": "state", "wait_seconds": 60, "spare": 3},
    {"who": "coordinators", "wait_seconds": 180, "spare": 0},
    {"who": "duty_officer", "wait_seconds": 300, "spare": 0},
)

FIRST_POLICIES: Mapping[Kind, tuple[Mapping[str, int], Sequence[Mapping[str, Any]]]] = {
    Kind.ARREST_OR_RAID: ({"responder": 2, "paralegal": 1}, _URGENT),
    Kind.POLICE_HARASSMENT: ({"responder": 1, "paralegal": 1}, _LADDER),
    Kind.CLIENT_VIOLENCE: ({"responder": 2}, _URGENT),
    Kind.PARTNER_VIOLENCE: ({"responder": 2}, _URGENT),
    Kind.GOONDA_EXTORTION: ({"responder": 2}, _LADDER),
    Kind.EVICTION: ({"responder": 1, "paralegal": 1}, _LADDER),
    Kind.OUTING_OR_BLACKMAIL: ({"responder": 1, "counsellor": 1}, _LADDER),
    Kind.MEDICAL_EMERGENCY: ({"responder": 2}, _URGENT),
    Kind.THREAT_TO_OWN_LIFE: ({"counsellor": 1, "responder": 1}, _BY_PHONE),
    Kind.RESPONDER_SAFETY: ({"responder": 2}, _URGENT),
    Kind.UNKNOWN: ({"responder": 2}, _LADDER),
}
"""The policies a union begins with: needs and steps by kind; later versions are rows of its own."""
