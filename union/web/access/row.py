"""One line of the access table."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from union.kernel.access import HERSELF, LISTED, UNTIED, Relation
from union.kernel.actor import Role
from union.kernel.errors import UnionError
from union.kernel.reach import Reach

__all__ = ["EVERYONE", "OURS", "LooseRowError", "Relation", "Row", "own_page"]


class LooseRowError(UnionError):
    """A row says that something must tie her to an object, and not what the object is."""

    code = "loose_row"


@dataclass(frozen=True, slots=True)
class Row:
    """A page and who may open it; ``kernel.access`` decides by it, for every kind of answer.

    ``roles`` open it for every object that ``relation`` admits, those of them in ``every`` for
    any object at all. ``about`` names the question that tells what the object is to people: one
    of a domain's ``ABOUTS``, HERSELF or LISTED. ``public`` pages need no sign-in. ``reach`` is how
    much the sign-in must have proven. An office is carried only by an officer's sign-in, so that
    a page shared by officers and members asks no more than it must ask of a member.

    ``sealed``: what it shows opens with her own secret alone. ``logged``: its reading is written
    down before it is shown. ``second``: it counts only from another than did the first half.
    """

    endpoint: str
    roles: AbstractSet[Role] = frozenset()
    relation: Relation = Relation.ANY
    public: bool = False
    reach: Reach = Reach.OFFICE
    about: str | None = None
    every: AbstractSet[Role] = frozenset()
    sealed: bool = False
    logged: bool = False
    second: bool = False

    def __post_init__(self) -> None:
        """LooseRowError where a tie is asked for and nothing tells of the object."""
        untied = self.relation in UNTIED
        if (self.about is None and not untied) or (self.about is not None and self.public):
            raise LooseRowError(endpoint=self.endpoint)
        if self.about == LISTED and self.relation is not Relation.BRANCH:
            raise LooseRowError(endpoint=self.endpoint)
        if self.about == HERSELF and self.relation is not Relation.OWN:
            raise LooseRowError(endpoint=self.endpoint)
        if not self.every <= self.roles or (self.every and untied):
            raise LooseRowError(endpoint=self.endpoint)

    @property
    def names_nothing(self) -> bool:
        """Whether no object is looked for: there is none, or it is whoever opens the page."""
        return self.about in {None, HERSELF, LISTED}


EVERYONE = frozenset(Role)
"""Whoever is signed in."""

OURS = EVERYONE - {Role.LAWYER, Role.SYSADMIN}
"""Whoever belongs to the union: not an outside lawyer, nor who only keeps the machine running."""


def own_page(endpoint: str, roles: AbstractSet[Role], reach: Reach = Reach.OFFICE) -> Row:
    """A page whose address names nobody and which shows whoever opens it her own."""
    return Row(endpoint, roles=roles, relation=Relation.OWN, about=HERSELF, reach=reach)
