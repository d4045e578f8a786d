"""Mass assignment, over every form of every page: what a form does not offer is not even read.

Each form of each page is filled and sent twice from one state: once with its own fields, once with
the name of every column there is and of every other form's field beside them. Both are answered
alike and write the same, statement for statement and value for value, into whichever database; and
of all those names none was looked for but what a page offers for this address.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pytest
from werkzeug.test import TestResponse

from tests.attacks.awaited import ON_STAGE
from tests.attacks.filling import Sent, filled, posted
from tests.attacks.stage import Stage
from tests.attacks.test_every_export import PLANS, TABLES
from tests.attacks.unshown import NOT_SHOWN
from tests.attacks.watching import Sender, Told, drawn_alike
from union.infra.db import Base
from union.kernel.actor import Actor
from union.web.access import Row

TEST = Actor.system("test")
TEMPTING = {
    *("role", "roles", "is_admin", "office", "approved", "approved_by", "confirmed_by"),
    *("person", "person_id", "account", "account_id", "branch_id", "created_by", "made_by"),
    *("state", "amount_minor", "_method", "_user_id", "next", "at", "now", "today"),
}
COLUMNS = {column.name for table in Base.metadata.tables.values() for column in table.columns}
OF_EVERY_FORM = {"csrf_token", "command_key"}

READ_UNOFFERED: Mapping[tuple[str, str], str] = {
    ("closing.month", "carried"): "shown where money lies on what must be clear",
    ("crisis.call", "may_be_minor"): "shown until it is sealed",
    ("crisis.call", "number"): "shown for a call that came by voice",
    ("crisis.rota_back", "sure"): "of the two buttons' form; asked where it leaves too few",
    ("crisis.rota_calendar", "sure"): "of the two buttons' form, and used for nothing",
    ("crisis.rota_end", "sure"): "asked where it leaves too few",
    ("crisis.rota_hours", "sure"): "asked where it leaves too few",
    ("crisis.taken_move", "who"): "one box beside each of them, outside the form",
    ("dues.take_payment", "again"): "asked where the same was written a moment ago",
    ("dues.take_payment", "so_much"): "asked where it is far more than she pays",
    ("dues.typed_sheet", "leave"): "asked where a row was refused",
    ("identity.prove", "answer"): "her telephone's lock, where she has one",
    ("identity.prove", "kept-address"): "the door that asks for more proof: what she had written",
    ("identity.prove", "office"): "her telephone's lock, where she has one",
    ("identity.prove", "question"): "her telephone's lock, where she has one",
    ("ledger.write", "payee"): "asked where several are called alike",
    ("opening.open_now", "kept-address"): "the door to what is sealed: what she had written",
}
"""Names that a page looks for though none of its forms here offers them, and where they stand."""

DIFFERS: Mapping[str, str] = {
    "identity.prove": "an answer of her telephone's lock is tried before anything else is looked at"
}
"""Pages that do something else when more is sent along, and why that is right."""

PROVING = os.environ.get("HYPOTHESIS_PROFILE") == "prove"
DEEP, FEWEST_DONE = (3, 90) if PROVING else (0, 50)
"""How many things that follow from each other are sent, and how many of all must be taken."""

LED = {302, 303}


@pytest.fixture
def stage(app, pages, connection) -> Stage:
    with pages.begin(TEST) as work:
        return Stage.laid(app, connection, work)


@dataclass
class Tried:
    """Every form that was found, sent both ways, and what came of it."""

    stage: Stage
    sender: Sender
    offered: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    read: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    differ: dict[str, object] = field(default_factory=dict)
    seen: set[tuple[str, ...]] = field(default_factory=set)
    names: set[str] = field(default_factory=lambda: TEMPTING | COLUMNS)
    done: int = 0

    @property
    def unoffered(self) -> set[tuple[str, str]]:
        """Each name that was looked for and is on no form."""
        return {
            (endpoint, name)
            for endpoint, names in self.read.items()
            for name in names - self.offered[endpoint] - OF_EVERY_FORM
        }

    def every(self, pages: Iterable[tuple[str, Row, TestResponse]], deep: int) -> None:
        """Each form of these pages, and then of the pages that sending it leads to."""
        found = self.stage.forms(pages)
        new = [sent for shape, sent in found.items() if shape not in self.seen]
        self.seen |= found.keys()
        for sent in new:
            self.offered[sent.endpoint] |= sent.names
            self.names |= sent.names
        for sent in new:
            plain = self.both_ways(sent)
            if deep and plain.status in {200, *LED}:
                self.further(sent, deep - 1)

    def both_ways(self, sent: Sent, own: dict[str, object] | None = None) -> Told:
        """Alone, and again with every name that its address does not offer."""
        own = own or filled(sent.form)
        more = dict.fromkeys(sorted(self.names - self.offered[sent.endpoint]), "1")
        plain, laden = self.sender.send_each(sent, own, {**more, **own})
        for shown in self.stage.forms_of(sent.address, sent.who, plain.text):
            self.offered[shown.endpoint] |= shown.names
        self.read[sent.endpoint] |= plain.asked | laden.asked
        if plain.done != laden.done:
            self.differ[sent.endpoint] = first_difference(plain, laden)
        self.done += plain.status in LED and bool(plain.written)
        return plain

    def further(self, sent: Sent, deep: int) -> None:
        """Send it for good, for as long as it takes to look at the pages it leads to."""
        with self.stage.taken_back():
            with drawn_alike(self.sender.turns):
                answer = posted(self.stage.client(sent.who), sent, filled(sent.form))
            self.every(self.stage.beyond(sent.address, answer), deep)


def first_difference(plain: Told, laden: Told) -> object:
    """Where two that should be alike part ways."""
    if (plain.status, plain.led_to) != (laden.status, laden.led_to):
        return (plain.status, plain.led_to), (laden.status, laden.led_to)
    if len(plain.written) != len(laden.written):
        return f"{len(plain.written)} writes, {len(laden.written)} with more sent along"
    pairs = zip(plain.written, laden.written, strict=True)
    (statement, said), (other, with_more) = next(pair for pair in pairs if pair[0] != pair[1])
    return statement, other, set(said) ^ set(with_more)


def test_a_name_that_no_form_offers_is_not_read_and_changes_nothing(stage, owner):
    tried = Tried(stage, Sender(stage, owner))
    tried.every(stage.everything(), DEEP)
    rules = stage.app.url_map.iter_rules()
    takes = {rule.endpoint for rule in rules if "POST" in (rule.methods or ())}
    tables = {one for one, kinds in stage.kinds.items() if any(map(TABLES.search, kinds))}
    assert tables <= set(PLANS), "and has a plan against formulas"
    assert tried.differ.keys() == set(DIFFERS), tried.differ
    assert tried.unoffered <= set(READ_UNOFFERED)
    assert tried.done >= FEWEST_DONE
    if PROVING:
        assert tried.unoffered == set(READ_UNOFFERED)
        assert takes - tried.offered.keys() == NOT_SHOWN | ON_STAGE
