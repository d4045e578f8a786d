"""Everything of the product that somebody can open or send, laid on one table.

Both sides of one union as `tests/access` builds them; before each page stands whoever has all it
asks for. Forms are read out of the pages as a browser reads them, and filled as a person would.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.access.sides import Example, Made
from tests.access.walked import address_of, build
from tests.attacks.filling import CARD, Sent
from tests.builders.dues import make_payer
from tests.builders.identity import make_account, make_signed_in
from tests.canary.forms import read_page
from union.infra.work import Work
from union.kernel.access import Relation
from union.kernel.actor import Actor, Grant, Proof, Role
from union.web.access import TABLE, Row
from union.web.current import EXTENSION

PARTS_APART = {"static", "simulator"}
"""Parts of the house that are no pages of the union's."""

STREAM = "text/event-stream"
"""What has no end."""


@dataclass
class Stage:
    """The application, and whoever stands before it just now.

    ``alike``: how many pages of one kind are opened, a kind being a page and what it is asked.
    ``kinds``: what each page that was opened answered with.
    """

    app: Flask
    connection: Connection
    hers: Made
    person_id: int
    account_id: int
    alike: int = 1
    kinds: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    who: Actor = field(default_factory=Actor.anonymous)
    cookie: str = ""
    _opened: Counter[object] = field(default_factory=Counter)

    @classmethod
    def laid(cls, app: Flask, connection: Connection, work: Work, alike: int = 1) -> Stage:
        """Build both sides, and stand before the pages in place of any sign-in."""
        hers, _theirs = build(work)
        person_id = make_payer(work, card_number=CARD, called="Uma").person_id
        token = make_signed_in(work, (Role.MEMBER,), person_id)
        stage = cls(app, connection, hers, person_id, make_account(work, person_id).id, alike)
        stage.carry(token)
        return stage._standing()

    @classmethod
    def bare(cls, app: Flask, connection: Connection) -> Stage:
        """Nothing is built; whoever opens a page is named by whoever opens it."""
        return cls(app, connection, {}, 0, 0)._standing()

    def carry(self, token: str) -> None:
        """Whoever comes carries this sign-in."""
        browser = self.app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = token
        cookie = browser.get_cookie("s")
        assert cookie is not None
        self.cookie = cookie.value

    def _standing(self) -> Stage:
        """Whoever is named stands before the pages, in place of any sign-in."""
        kit = self.app.extensions[EXTENSION]
        self.app.extensions[EXTENSION] = replace(kit, find_actor=lambda: self.who)
        return self

    def everything(self) -> Iterator[tuple[str, Row, TestResponse]]:
        """Every page and file, and what their links lead to, each opened by whoever may."""
        yield from self.opened_from(self._doors())

    def beyond(self, page: str, answer: TestResponse) -> Iterator[tuple[str, Row, TestResponse]]:
        """What follows when something was sent: where it leads, or the links that it shows."""
        there = answer.headers.get("Location")
        if there is None:
            links = read_page(answer.text).links if answer.mimetype == "text/html" else []
            yield from self.opened_from(self._led_to(page, links))
            return
        row = self.row_of(urlsplit(there).path, "GET")
        if row is not None:
            self._opened[kind_of(row, there)] = 0
            yield from self.opened_from([(row, there)])

    def opened_from(
        self, doors: Iterable[tuple[Row, str]]
    ) -> Iterator[tuple[str, Row, TestResponse]]:
        """Pages and whatever of a kind that was not opened yet their links lead to."""
        seen: set[str] = set()
        waiting = deque(doors)
        while waiting:
            row, address = waiting.popleft()
            kind = kind_of(row, address)
            if address in seen or self._opened[kind] >= self.alike:
                continue
            seen.add(address)
            answer = self.get(address, self.somebody(row))
            self._opened[kind] += answer.status_code == 200
            self.kinds[row.endpoint].add(answer.mimetype)
            yield address, row, answer
            if answer.mimetype == "text/html":
                waiting.extend(self._led_to(address, read_page(answer.text).links))

    def _doors(self) -> Iterator[tuple[Row, str]]:
        """Every page at an address of hers, or at one that names nothing."""
        for rule in sorted(self.app.url_map.iter_rules(), key=str):
            if "GET" not in (rule.methods or ()) or _is_apart(rule.endpoint):
                continue
            row = TABLE[rule.endpoint]
            named = self._named(row, rule)
            if named is not None or not rule.arguments:
                yield row, address_of(rule, named)

    def _named(self, row: Row, rule: Rule) -> Mapping[str, str] | None:
        example = self._example(row)
        return example.args if example and rule.arguments <= set(example.args) else None

    def _example(self, row: Row) -> Example | None:
        return None if row.names_nothing else self.hers[row.about or ""]

    def _led_to(self, page: str, links: Iterable[str]) -> Iterator[tuple[Row, str]]:
        for link in links:
            there = urlsplit(urljoin(page, link))
            row = self.row_of(there.path, "GET") if not there.netloc else None
            if row is not None:
                yield row, there._replace(fragment="").geturl()

    def row_of(self, path: str, method: str) -> Row | None:
        """The row behind an address of ours."""
        try:
            endpoint, _values = self.app.url_map.bind("").match(path, method=method)
        except HTTPException:
            return None
        return None if _is_apart(endpoint) else TABLE[endpoint]

    def somebody(self, row: Row) -> Actor:
        """Whoever has every role the row names, and every tie it asks for."""
        if row.public:
            return Actor.anonymous()
        hers = self._example(row)
        branch_id = hers.branch_id if hers and row.relation is Relation.BRANCH else None
        return Actor(
            (hers.tied if hers else None) or self.person_id,
            self.account_id,
            frozenset(Grant(role, branch_id) for role in row.roles),
            proofs=frozenset(Proof),
            proved_at=self.app.extensions[EXTENSION].unit.clock.now(),
            office=True,
        )

    def get(self, address: str, who: Actor) -> TestResponse:
        """A page, opened by her; what it wrote down is taken back."""
        with self.taken_back():
            answer = self.client(who).get(address)
            if answer.mimetype == STREAM:
                answer.close()
            else:
                answer.get_data()
        return answer

    def client(self, who: Actor) -> FlaskClient:
        """Her browser."""
        self.who = who
        browser = self.app.test_client()
        if who.account_id is not None:
            browser.set_cookie("s", self.cookie)
        return browser

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """Whatever is done inside was never done."""
        point = self.connection.begin_nested()
        try:
            yield
        finally:
            point.rollback()

    def forms(self, pages: Iterable[tuple[str, Row, TestResponse]]) -> dict[tuple[str, ...], Sent]:
        """Every form of these pages, once for each shape, with whoever it was shown to."""
        found: dict[tuple[str, ...], Sent] = {}
        for address, row, answer in pages:
            html = answer.text if answer.mimetype == "text/html" else ""
            for sent in self.forms_of(address, self.somebody(row), html):
                found.setdefault(sent.shape, sent)
        return found

    def forms_of(self, page: str, who: Actor, html: str) -> Iterator[Sent]:
        """The forms of one page that change something, as she would send them."""
        for form in read_page(html).forms:
            there = urlsplit(urljoin(page, form.action or page))
            row = None if there.netloc else self.row_of(there.path, "POST")
            if form.method == "post" and row is not None:
                yield Sent(row.endpoint, there._replace(fragment="").geturl(), who, form)


def kind_of(row: Row, address: str) -> object:
    """What makes two pages alike: what they are, and what they are asked."""
    asked = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    return row.endpoint, frozenset(name for name, _value in asked)


def _is_apart(endpoint: str) -> bool:
    return endpoint.partition(".")[0] in PARTS_APART
