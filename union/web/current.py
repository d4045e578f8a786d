"""The request's actor and its work: how a view reads, and how it does one thing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from flask import current_app, g, request

from union.infra.commands import once
from union.infra.work import UnitOfWork, Work
from union.kernel.access import Scope, scope
from union.kernel.actor import Actor
from union.web.access import row_of

if TYPE_CHECKING:
    from union.infra.abouts import AboutQuery
    from union.infra.settings import Settings

EXTENSION = "sangha"


class Showcase(Protocol):
    """Somebody one can be in a demonstration, offered on the sign-in page."""

    @property
    def what(self) -> str:
        """Her work in words."""
        ...

    @property
    def sign_in_name(self) -> str:
        """The name she signs in by."""
        ...

    @property
    def password(self) -> str:
        """Her password, which is no secret here."""
        ...

    def code(self, work: Work) -> str:
        """A code of hers that was not used yet."""
        ...


class Asked(Protocol):
    """What was sent, under a key of its own: a form, or a device's line."""

    def key(self) -> str:
        """The command's key."""
        ...

    def content(self) -> Mapping[str, Any]:
        """What was asked, as plain values."""
        ...


def nobody_named(_work: Work, _person_ids: Collection[int]) -> Mapping[int, str]:
    """No names: what pages below the register show unless the factory knows better."""
    return {}


def nobody_found(_work: Work, _card: str) -> int | None:
    """No person: below the register a card number says nothing by itself."""
    return None


@dataclass(frozen=True, slots=True)
class WebKit:
    """What the factory hands to the pages."""

    unit: UnitOfWork
    settings: Settings
    find_actor: Callable[[], Actor]
    showcase: tuple[Showcase, ...] = ()
    name_people: Callable[[Work, Collection[int]], Mapping[int, str]] = nobody_named
    person_by_card: Callable[[Work, str], int | None] = nobody_found
    abouts: Mapping[str, AboutQuery] = field(default_factory=dict)


def kit() -> WebKit:
    """The present application's kit."""
    held: WebKit = current_app.extensions[EXTENSION]
    return held


def current_actor() -> Actor:
    """Whoever is signed in, or the anonymous actor; looked up once per request."""
    if "actor" not in g:
        g.actor = kit().find_actor()
    actor: Actor = g.actor
    return actor


def current_scope(endpoint: str | None = None) -> Scope:
    """What of everything behind this page, or another, is hers who asks: no list takes more."""
    return scope(current_actor(), row_of(endpoint or request.endpoint or ""))


def stand_as(actor: Actor) -> None:
    """Whoever looks from here on in this request; what was read with before is hers no more."""
    g.actor = actor
    if "reading" in g:
        g.reading = replace(g.reading, actor=actor, known={})


def forget_actor() -> None:
    """Look the actor up anew, after signing in or out."""
    g.pop("actor", None)


def reading() -> Work:
    """A Work to read with; nothing done with it is ever committed."""
    if "reading" not in g:
        unit = kit().unit
        g.reading = Work(
            unit.sessions(), unit.clock, current_actor(), unit.vault.fresh(), unit.routes
        )
    work: Work = g.reading
    return work


@contextlib.contextmanager
def acting() -> Iterator[Work]:
    """A unit of work for what must not be kept as a command's result: sign-in, reading seals."""
    with kit().unit.begin(current_actor()) as work:
        yield work


def perform(form: Asked, name: str, do: Callable[[Work], Mapping[str, Any]]) -> Mapping[str, Any]:
    """Do one command once, in one unit of work, and return its plain result.

    The form's key makes a double click or a resent form the same command.
    """

    def one(work: Work) -> Mapping[str, Any]:
        return once(work, form.key(), name, form.content(), lambda: do(work))

    return kit().unit.run(current_actor(), one)
