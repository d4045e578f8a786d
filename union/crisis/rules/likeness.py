"""Are two contacts about the same event: a likelihood with reasons; a person decides in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union.crisis.rules.kinds import Kind
from union.kernel.geo import distance_km

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

ATTACH_AT = 0.6
SHOW_AT = 0.35
FRESH_MINUTES = 10
ATTACH_WITHIN_MINUTES = 30
SHOW_WITHIN_MINUTES = 120
NEAR_KM = 7.0
FAR_KM = 15.0
MANY_PEOPLE = 8

_POLICE = frozenset({Kind.ARREST_OR_RAID, Kind.POLICE_HARASSMENT})
_HANDS = frozenset({Kind.CLIENT_VIOLENCE, Kind.GOONDA_EXTORTION, Kind.PARTNER_VIOLENCE})

Part = tuple[str, float]


@dataclass(frozen=True, slots=True)
class Told:
    """What one contact says; ``said`` are its telling words, ``names_place`` that it named one."""

    at: datetime
    kind: Kind = Kind.UNKNOWN
    branch_id: int | None = None
    cell: str | None = None
    cell_exact: bool = False
    said: frozenset[str] = frozenset()
    names_place: bool = False
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Likely:
    """How likely, from 0 to 1, and why."""

    likelihood: float
    reasons: tuple[str, ...]

    @property
    def attaches(self) -> bool:
        """Sure enough to hang on the incident until a person says otherwise."""
        return self.likelihood >= ATTACH_AT

    @property
    def worth_showing(self) -> bool:
        """Sure enough to be shown to the operator as perhaps the same."""
        return self.likelihood >= SHOW_AT


NOT_THE_SAME = Likely(0.0, ())


def likelihood(new: Told, known: Sequence[Told]) -> Likely:
    """How likely ``new`` tells of the event that ``known`` told of: time, place, words, kind.

    Another district, another named place, spots far apart or unlike kinds are never attached;
    after half an hour only a person attaches.
    """
    if not known:
        return NOT_THE_SAME
    apart = min(abs((new.at - told.at).total_seconds()) for told in known) / 60
    place = _place(new, known)
    kind = _kind(new.kind, [told.kind for told in known])
    if apart > SHOW_WITHIN_MINUTES or place is None or kind is None:
        return NOT_THE_SAME
    parts = (_time(apart), place, kind, _many(new, known))
    total = sum(weight for _, weight in parts)
    if apart > ATTACH_WITHIN_MINUTES:
        total = min(total, ATTACH_AT - 0.01)
    return Likely(round(min(total, 1.0), 2), tuple(why for why, weight in parts if weight > 0))


def most_likely(new: Told, incidents: Mapping[int, Sequence[Told]]) -> tuple[int | None, Likely]:
    """The incident that ``new`` most likely tells of; the elder one where two are equal."""
    best: tuple[int | None, Likely] = (None, NOT_THE_SAME)
    for incident_id in sorted(incidents):
        found = likelihood(new, incidents[incident_id])
        if found.likelihood > best[1].likelihood:
            best = (incident_id, found)
    return best if best[1].worth_showing else (None, NOT_THE_SAME)


def _time(minutes: float) -> Part:
    if minutes <= FRESH_MINUTES:
        return ("minutes_apart", 0.2)
    return ("half_an_hour_apart", 0.1) if minutes <= ATTACH_WITHIN_MINUTES else ("", 0.0)


def _place(new: Told, known: Sequence[Told]) -> Part | None:
    """None where the two places cannot be one."""
    districts = {told.branch_id for told in known} - {None}
    if new.branch_id is not None and districts and new.branch_id not in districts:
        return None
    said = frozenset().union(*(told.said for told in known))
    if new.said & said:
        return ("same_place_words", 0.4)
    named = frozenset().union(*(told.said for told in known if told.names_place))
    if new.names_place and new.said and named:
        return None
    return _spot(new, known, same_district=new.branch_id in districts)


def _spot(new: Told, known: Sequence[Told], *, same_district: bool) -> Part | None:
    district = ("same_district", 0.1) if same_district else ("", 0.0)
    measured = [
        (distance_km(new.cell, told.cell), new.cell_exact and told.cell_exact)
        for told in known
        if new.cell and told.cell and (new.cell_exact or told.cell_exact)
    ]
    if not measured:
        return district
    km, exact = min(measured)
    if km <= NEAR_KM:
        return ("same_spot", 0.3) if exact else ("perhaps_same_spot", 0.2)
    return None if exact and km > FAR_KM else district


def _kind(new: Kind, known: Sequence[Kind]) -> Part | None:
    said = {kind for kind in known if kind is not Kind.UNKNOWN}
    if new is Kind.UNKNOWN or not said:
        return ("", 0.0)
    if new in said:
        return ("same_kind", 0.2)
    alike = any({new, kind} <= family for kind in said for family in (_POLICE, _HANDS))
    return ("like_kind", 0.15) if alike else None


def _many(new: Told, known: Sequence[Told]) -> Part:
    most = max((told.people or 0 for told in known), default=0)
    return ("many_people", 0.1) if min(new.people or 0, most) >= MANY_PEOPLE else ("", 0.0)
