"""The one answer to "may she?" (law P2): for a page, its JSON, a report, an export, a download.

Pure: who asks, the page's row, what the object is (plain ids), what time it is. It reads nothing
and remembers nothing, so what was ended a moment ago is ended for the very next question. What a
page shows is decided elsewhere; whether it is opened is decided here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from union.kernel.actor import Role

if TYPE_CHECKING:
    from datetime import datetime

    from union.kernel.actor import Actor


class Relation(StrEnum):
    """What, besides her role, must tie her to the object behind a page."""

    ANY = "any"
    WHOLE = "whole"
    OWN = "own"
    BRANCH = "branch"
    CALLED = "called"
    ASSIGNED = "assigned"
    SHARED = "shared"


UNTIED = frozenset({Relation.ANY, Relation.WHOLE})
"""Relations that ask nothing of an object."""

HERSELF = "herself"
"""The about of a page whose address names nobody: it shows whoever opens it her own."""

LISTED = "listed"
"""The about of a list whose address names nothing: what stands in it is cut by ``scope``."""


class Answer(StrEnum):
    """What comes of asking.

    REFUSED is said before anything was looked for, so it tells nothing of the object;
    NOT_THERE is what an address of nothing answers too.
    """

    OPEN = "open"
    SIGN_IN = "sign_in"
    REFUSED = "refused"
    NOT_THERE = "not_there"


@dataclass(frozen=True, slots=True)
class About:
    """What an object is to people, in plain ids.

    ``owners`` whose it is, under every entry that matters; ``branch_id`` the branch it lies in;
    ``called`` who was asked to it; ``assigned`` who has it; ``shared_until`` with whom it is
    shared, each until when; ``shut_out`` who never learns of it, whatever she holds.
    ``concerns`` further branches whose office needs no tie to it; None: the office of any branch.
    """

    owners: frozenset[int] = frozenset()
    branch_id: int | None = None
    called: frozenset[int] = frozenset()
    assigned: frozenset[int] = frozenset()
    shared_until: Mapping[int, datetime] = field(default_factory=dict)
    shut_out: frozenset[int] = frozenset()
    concerns: frozenset[int] | None = frozenset()


class Line(Protocol):
    """What the decision asks of a row of the access table."""

    @property
    def roles(self) -> AbstractSet[Role]:
        """Who opens it."""
        ...

    @property
    def relation(self) -> Relation:
        """What must tie her to the object."""
        ...

    @property
    def every(self) -> AbstractSet[Role]:
        """Those of the roles that need no tie: for them every object is open."""
        ...

    @property
    def about(self) -> str | None:
        """What tells about the object; None where nothing need be known."""
        ...

    @property
    def public(self) -> bool:
        """Whether it needs no sign-in."""
        ...


ANYBODY = frozenset(Role)
"""A row with every role is for whoever is signed in: who holds none now may leave and be helped."""


def may_knock(actor: Actor, row: Line) -> Answer:
    """What can be said before the object is looked for: OPEN means that it is looked for now."""
    if row.public:
        return Answer.OPEN
    if actor.account_id is None:
        return Answer.SIGN_IN
    if not actor.has(*row.roles) and not row.roles >= ANYBODY:
        return Answer.REFUSED
    if row.relation is Relation.WHOLE and actor.branches(*row.roles) is not None:
        return Answer.REFUSED
    return Answer.OPEN


def decide(actor: Actor, row: Line, about: About | None, now: datetime) -> Answer:
    """Whether this actor opens this row's page for this object, now.

    ``about`` is None where the address names nothing that exists, or the row needs no about.
    """
    first = may_knock(actor, row)
    if first is not Answer.OPEN or row.public:
        return first
    if row.about is None or row.about == LISTED:
        return Answer.OPEN
    if about is None or actor.person_id is None or actor.person_id in about.shut_out:
        return Answer.NOT_THERE
    opens = row.relation in UNTIED or _needs_no_tie(actor, row, about)
    return Answer.OPEN if opens or _is_tied(actor, row, about, now) else Answer.NOT_THERE


def _needs_no_tie(actor: Actor, row: Line, about: About) -> bool:
    """Held for the whole union, or for a branch the object lies in or concerns."""
    if actor.roles.isdisjoint(row.every):
        return False
    branches = actor.branches(*row.every)
    if branches is None or about.concerns is None:
        return True
    return about.branch_id in branches or not about.concerns.isdisjoint(branches)


def _is_tied(actor: Actor, row: Line, about: About, now: datetime) -> bool:
    person_id = actor.person_id
    if person_id is None:
        return False
    if row.relation is Relation.BRANCH:
        branches = actor.branches(*row.roles)
        return branches is None or about.branch_id in branches
    if row.relation is Relation.SHARED:
        until = about.shared_until.get(person_id)
        return until is not None and now < until
    tied = {
        Relation.OWN: about.owners,
        Relation.CALLED: about.called,
        Relation.ASSIGNED: about.assigned,
    }
    return person_id in tied[row.relation]


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a list, a count or a search is hers; the only way a query learns it.

    ``whole`` all of it; else what lies in ``branches``, or is tied to ``person_id``; else nothing.
    """

    whole: bool = False
    branches: frozenset[int] = frozenset()
    person_id: int | None = None

    @property
    def branch_ids(self) -> frozenset[int] | None:
        """The branches a query is cut to; None means all of them."""
        return None if self.whole else self.branches


NOTHING = Scope()


def scope(actor: Actor, row: Line) -> Scope:
    """What of everything behind a row is the actor's to see."""
    if row.public or may_knock(actor, row) is not Answer.OPEN:
        return NOTHING
    if row.relation in UNTIED or _holds_everywhere(actor, row.every):
        return Scope(whole=True)
    if row.relation is Relation.BRANCH:
        branches = actor.branches(*row.roles)
        return Scope(whole=True) if branches is None else Scope(branches=branches)
    return Scope(person_id=actor.person_id)


def _holds_everywhere(actor: Actor, roles: AbstractSet[Role]) -> bool:
    return not actor.roles.isdisjoint(roles) and actor.branches(*roles) is None
