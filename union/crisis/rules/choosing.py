"""Who is asked: a decision over plain values, with the reasons that the board can show.

A certificate in force, the hour, being away, and never somebody named in a conflict are hard;
the rota, language, gender, rest, load and distance only reorder, so that a preference never
leaves the team empty. Where nobody is awake in the whole state, whoever sleeps may be woken.
Dues and standing are unknown here (C8).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from union.crisis.rules.kinds import FILLED_BY, AskedAs, Shift, TeamRole
from union.kernel.geo import distance_km

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

DAY_FROM = 7
NIGHT_FROM = 20
"""The union's clock hours between which it is day; policies speak of local time only."""

RESTING_KM = 400.0
NOT_ON_ROTA_KM = 40.0
OFF_SHIFT_KM = 200.0
OTHER_LANGUAGE_KM = 25.0
OTHER_GENDER_KM = 60.0
RECENT_PAGE_KM = 6.0
UNKNOWN_DISTANCE_KM = 60.0
"""Every preference is counted in kilometres, so that a person can follow the sum."""

LOAD_BY_WEEK = (1.0, 0.5, 0.25, 0.125)
"""What being asked once weighs after so many whole weeks; older than four weeks, nothing."""

WENT_TOO = 2.0
"""What having gone weighs beside having been asked."""

ELSEWHERE = "elsewhere"
NOT_WORTH_SAYING = frozenset({"other_role", ELSEWHERE})
"""Left out for a reason that says nothing about her tonight."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One certificate of one person, and what is known of her tonight.

    ``on_rota``: down for this now, in the districts she ``serves`` besides that of her paper.
    """

    person_id: int
    certificate_id: int
    role: TeamRole
    branch_id: int
    cell: str
    starts_on: date
    ends_on: date
    shift: Shift
    languages: frozenset[str] = frozenset()
    gender: str | None = None
    resting_until: datetime | None = None
    load: float = 0.0
    busy: bool = False
    on_rota: bool = False
    serves: frozenset[int] = frozenset()
    away: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: ``branches`` None is the whole state; ``local`` the union's time.

    ``rota``: somebody suitable is down for it; ``asleep_too``: nobody awake was found at all.
    """

    role: AskedAs
    count: int
    local: datetime
    cell: str | None = None
    branches: frozenset[int] | None = None
    language: str | None = None
    gender: str | None = None
    avoid: frozenset[int] = frozenset()
    already: frozenset[int] = frozenset()
    rota: bool = False
    asleep_too: bool = False


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate with what speaks for and against her; ``km`` decides the order."""

    person_id: int
    certificate_id: int
    distance: float | None
    km: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom to ask, in order, who would have been next, and why nobody else.

    ``why_not``: the hard reason by person, of those who are here and trained for it.
    """

    chosen: tuple[Weighed, ...]
    passed_over: tuple[Weighed, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)
    why_not: dict[int, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nobody suitable was found."""
        return not self.chosen


def on_shift(shift: Shift, local: datetime) -> bool:
    """Whether somebody with this shift may be woken at this local time."""
    if shift is Shift.ANY:
        return True
    return (shift is Shift.DAY) == (DAY_FROM <= local.hour < NIGHT_FROM)


def load_of(asked: Mapping[int, int], went: Mapping[int, int]) -> float:
    """How much somebody was asked and went over four weeks, by how many whole weeks ago.

    The latest week weighs most: work is spread fairly over weeks, and a hard month is forgotten.
    """
    return sum(
        weight * (asked.get(week, 0) + WENT_TOO * went.get(week, 0))
        for week, weight in enumerate(LOAD_BY_WEEK)
    )


def in_force(candidate: Candidate, local: datetime) -> bool:
    """Whether her certificate holds on that local day, first and last day included (C7)."""
    return candidate.starts_on <= local.date() <= candidate.ends_on


def why_not(candidate: Candidate, wanted: Wanted) -> str | None:
    """The hard reason why she cannot be asked at all, or None."""
    tests = (
        ("other_role", candidate.role not in FILLED_BY[wanted.role]),
        (ELSEWHERE, wanted.branches is not None and _is_elsewhere(candidate, wanted.branches)),
        ("no_certificate", not in_force(candidate, wanted.local)),
        ("named_in_conflict", candidate.person_id in wanted.avoid),
        ("already_asked", candidate.person_id in wanted.already),
        ("away", candidate.away),
        ("off_shift", not (wanted.asleep_too or is_awake(candidate, wanted.local))),
        ("busy", candidate.busy),
    )
    return next((reason for reason, holds in tests if holds), None)


def is_awake(candidate: Candidate, local: datetime) -> bool:
    """Whether she may be woken now: she is down for it, or her certificate says so."""
    return candidate.on_rota or on_shift(candidate.shift, local)


def _is_elsewhere(candidate: Candidate, branches: frozenset[int]) -> bool:
    return candidate.branch_id not in branches and branches.isdisjoint(candidate.serves)


def weigh(candidate: Candidate, wanted: Wanted) -> Weighed:
    """Distance on the coarse grid, with each preference that is not met added in kilometres."""
    distance = distance_km(candidate.cell, wanted.cell) if wanted.cell else None
    resting = candidate.resting_until is not None and candidate.resting_until > wanted.local
    other_language = wanted.language is not None and wanted.language not in candidate.languages
    other_gender = wanted.gender is not None and candidate.gender != wanted.gender
    weights = (
        ("resting", RESTING_KM * resting),
        ("off_shift", OFF_SHIFT_KM * (not is_awake(candidate, wanted.local))),
        ("not_on_rota", NOT_ON_ROTA_KM * (wanted.rota and not candidate.on_rota)),
        ("other_language", OTHER_LANGUAGE_KM * other_language),
        ("other_gender", OTHER_GENDER_KM * other_gender),
        ("asked_lately", RECENT_PAGE_KM * candidate.load),
    )
    base = UNKNOWN_DISTANCE_KM if distance is None else distance
    return Weighed(
        person_id=candidate.person_id,
        certificate_id=candidate.certificate_id,
        distance=None if distance is None else round(distance, 1),
        km=round(base + sum(weight for _, weight in weights), 1),
        reasons=(
            *(("on_rota",) if candidate.on_rota else ()),
            *(reason for reason, weight in weights if weight),
        ),
    )


def choose(candidates: Iterable[Candidate], wanted: Wanted, elsewhere: int = 0) -> Choice:
    """The ``count`` best who can be asked; each person once, by her nearest certificate.

    ``elsewhere``: so many more certificates are known to be of no district that is looked in.
    """
    left_out: dict[str, int] = {ELSEWHERE: elsewhere} if elsewhere else {}
    reasons: dict[int, str] = {}
    suitable: list[Candidate] = []
    for candidate in candidates:
        reason = why_not(candidate, wanted)
        if reason is None:
            suitable.append(candidate)
        else:
            left_out[reason] = left_out.get(reason, 0) + 1
            if reason not in NOT_WORTH_SAYING:
                reasons[candidate.person_id] = reason
    wanted = replace(wanted, rota=any(candidate.on_rota for candidate in suitable))
    best: dict[int, Weighed] = {}
    for candidate in suitable:
        weighed = weigh(candidate, wanted)
        known = best.get(candidate.person_id)
        if known is None or _order(weighed) < _order(known):
            best[candidate.person_id] = weighed
    ordered = sorted(best.values(), key=_order)
    return Choice(
        chosen=tuple(ordered[: wanted.count]),
        passed_over=tuple(ordered[wanted.count :]),
        left_out=left_out,
        why_not={one: reason for one, reason in reasons.items() if one not in best},
    )


def _order(weighed: Weighed) -> tuple[float, int, int]:
    return (weighed.km, weighed.person_id, weighed.certificate_id)
