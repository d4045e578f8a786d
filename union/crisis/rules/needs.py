"""How many people of which role an incident needs, and how grave it is; plain arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.crisis.rules.kinds import TEAM, AskedAs, Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

PEOPLE_PER_RESPONDER = 8
"""One more responder for every so many people, so that nobody is left alone at a station."""

MOST_RESPONDERS = 6
MANY_PEOPLE = 5
_GRAVE = frozenset(
    {
        Kind.ARREST_OR_RAID,
        Kind.MEDICAL_EMERGENCY,
        Kind.THREAT_TO_OWN_LIFE,
        Kind.PARTNER_VIOLENCE,
        Kind.RESPONDER_SAFETY,
    }
)

Needs = dict[AskedAs, int]


def severity_of(kind: Kind, people: int | None) -> Severity:
    """Grave when life or freedom is at stake, or many people are."""
    if kind in _GRAVE or (people or 1) >= MANY_PEOPLE:
        return Severity.GRAVE
    return Severity.ORDINARY


def needs_for(quorum: Mapping[str, int], people: int | None) -> Needs:
    """The policy's quorum, with more responders where many people are held or hurt."""
    needs = {role: quorum[role] for role in TEAM if quorum.get(role, 0) > 0}
    if AskedAs.RESPONDER in needs:
        extra = (people or 1) // PEOPLE_PER_RESPONDER
        needs[AskedAs.RESPONDER] = min(
            max(MOST_RESPONDERS, needs[AskedAs.RESPONDER]), needs[AskedAs.RESPONDER] + extra
        )
    return needs


def grown(old: Mapping[AskedAs, int], new: Mapping[AskedAs, int]) -> Needs:
    """Both needs together, role by role the larger: what is known later never asks fewer."""
    return {role: max(old.get(role, 0), new.get(role, 0)) for role in TEAM if role in {*old, *new}}


def shortfall(needs: Mapping[AskedAs, int], coming: Mapping[AskedAs, int]) -> Needs:
    """What is still missing, counting only people who are coming (briefed or further)."""
    missing = {role: count - coming.get(role, 0) for role, count in needs.items()}
    return {role: count for role, count in missing.items() if count > 0}
