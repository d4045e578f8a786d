"""The walked application: its guard as it runs, both sides' objects, and pages that only say so.

A page's own code is left out, so that what is seen is the guard's answer alone, and hundreds of
refusals cost little; that the pages behind it work is asked in ``tests/web``.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests import access
from tests.access.sides import Made, Side
from tests.builders.identity import make_account
from tests.builders.members import make_branch, make_member
from union.infra.work import Work
from union.kernel.actor import Actor, Grant, Proof
from union.kernel.errors import NotAllowedError, NotFoundError
from union.web.access import TABLE, Row
from union.web.current import EXTENSION

DISTRICTS = (("Bidar", 17.91, 77.52), ("Gadag", 15.43, 75.62))
OPENED, REFUSED, NOT_THERE = "opened", "refused", "not there"
SIGN_IN, PROVE = "sign in", "prove"
_SAID = {403: REFUSED, 404: NOT_THERE, 401: SIGN_IN, 302: SIGN_IN, 303: PROVE}
_NO_EXAMPLES = {"sides", "walked"}
_PLAIN = {"IntegerConverter": "0", "PathConverter": "0" * 12}


def makers() -> dict[str, object]:
    """Every module of examples, by its domain."""
    names = {found.name for found in pkgutil.iter_modules(access.__path__)} - _NO_EXAMPLES
    return {name: importlib.import_module(f"tests.access.{name}") for name in sorted(names)}


def build(work: Work) -> tuple[Made, Made]:
    """Both sides' examples, the first side's and the other's."""
    sides: list[Made] = []
    for district in DISTRICTS:
        branch = make_branch(work, *district)
        side = Side(branch, district[1:], make_member(work, branch), first=not sides)
        sides.append({})
        for maker in makers().values():
            sides[-1] |= maker.make(work, side)
            work.session.flush()
    return sides[0], sides[1]


@dataclass
class Walked:
    """The application with the guard alone, who asks, and both sides' objects."""

    app: Flask
    client: FlaskClient
    hers: Made
    theirs: Made
    account_id: int
    who: Actor

    def ask(self, actor: Actor, method: str, address: str) -> str:
        """What the guard says."""
        self.who = actor
        answer = self.client.open(address, method=method)
        if answer.status_code == 200:
            return answer.text
        return _SAID[answer.status_code]

    def somebody(self, *grants: Grant, person_id: int | None = None) -> Actor:
        """Signed in as far as one can be, with these grants; nobody unless a person is named."""
        return Actor(
            person_id or 0,
            self.account_id,
            frozenset(grants),
            proofs=frozenset(Proof),
            proved_at=self.app.extensions[EXTENSION].unit.clock.now(),
            office=True,
        )


def walk_guard(app: Flask, work: Work) -> Walked:
    """Leave only the guard of an application, and build what it guards."""
    hers, theirs = build(work)
    account_id = make_account(work).id
    walked = Walked(app, app.test_client(), hers, theirs, account_id, Actor.anonymous())
    kit = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = replace(kit, find_actor=lambda: walked.who)
    for endpoint in app.view_functions:
        app.view_functions[endpoint] = _says_opened
    app.register_error_handler(NotAllowedError, lambda _error: ("", 403))
    app.register_error_handler(NotFoundError, lambda _error: ("", 404))
    return walked


def visits(app: Flask, part: str) -> Iterator[tuple[Row, Rule, str]]:
    """Every rule of a part of the house by each method it takes, with its row."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] == part:
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield TABLE[rule.endpoint], rule, method


def address_of(rule: Rule, named: Mapping[str, str] | None = None) -> str:
    """An address of a rule, of an example's object or of nothing."""
    values = {
        name: (named or {}).get(name) or _PLAIN.get(type(converter).__name__, "0" * 12)
        for name, converter in rule._converters.items()
    }
    return rule.build(values)[1]


def parts(table: Mapping[str, Row] = TABLE) -> list[str]:
    """The parts of the house that have rows."""
    return sorted({endpoint.partition(".")[0] for endpoint in table} - {"static", "simulator"})


def _says_opened(**_named: object) -> str:
    return OPENED
