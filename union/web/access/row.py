"""One line of the access table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from union.kernel.actor import Role


class Relation(StrEnum):
    """What, besides her role, must tie the actor to the object behind a page."""

    ANY = "any"
    OWN = "own"
    BRANCH = "branch"
    CALLED = "called"
    ASSIGNED = "assigned"


@dataclass(frozen=True, slots=True)
class Row:
    """A page and who may open it.

    ``roles`` open it for every object that ``relation`` admits; the relation itself is
    decided by the domain's policy. ``public`` pages need no sign-in.
    """

    endpoint: str
    roles: frozenset[Role] | set[Role] = frozenset()
    relation: Relation = Relation.ANY
    public: bool = False


EVERYONE = frozenset(Role)
"""Whoever is signed in."""
