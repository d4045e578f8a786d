"""What brings about the states that some forms wait for, and whoever stands in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

import pytest
from werkzeug.test import TestResponse

from tests.attacks.filling import Sent, filled, posted
from tests.attacks.stage import Stage
from tests.builders.identity import give_role, make_account
from tests.canary.forms import read_page
from tests.pages import PagesUnit
from union.infra.people import new_person
from union.infra.work import Work
from union.kernel.actor import Actor, Grant, Proof, Role
from union.kernel.clock import ManualClock
from union.kernel.ids import new_command_key

TEST = Actor.system("test")
LED = {302, 303}


@dataclass(frozen=True)
class Page:
    """A page that shows such a form, who opens it, and what she writes where a draw will not do.

    ``keeps``: the address that a script of ours sends the form of this page to while she types.
    """

    who: Actor
    address: str
    says: dict[str, object] = field(default_factory=dict)
    keeps: str = ""


@dataclass
class Scene:
    """A union that a room's story is played in, by services and by its own pages."""

    stage: Stage
    pages: PagesUnit
    clock: ManualClock
    monkeypatch: pytest.MonkeyPatch

    @contextmanager
    def work(self, actor: Actor = TEST) -> Iterator[Work]:
        """What somebody does; committed at the end."""
        with self.pages.begin(actor) as work:
            yield work

    def somebody(self, *roles: Role, person_id: int | None = None) -> Actor:
        """Somebody with these offices, signed in as far as one can be."""
        with self.work() as work:
            account = make_account(work, person_id or new_person(work).id)
            for role in roles:
                give_role(work, account.id, Grant(role))
            return Actor(
                account.person_id,
                account.id,
                frozenset(map(Grant, roles)),
                proofs=frozenset(Proof),
                proved_at=self.clock.now(),
                office=True,
            )

    def send(self, who: Actor, page: str, endpoint: str, /, **says: object) -> TestResponse:
        """Open a page and send the form on it that goes to this endpoint; it leads on."""
        found = {one.endpoint: one for one in self.forms(Page(who, page))}
        assert endpoint in found, (page, sorted(found))
        sent = found[endpoint]
        answer = posted(self.stage.client(who), sent, {**filled(sent.form), **says})
        assert answer.status_code in LED, (endpoint, answer.text)
        return answer

    def post(self, who: Actor, address: str, values: dict[str, object]) -> None:
        """Send something of hers as it is; it leads on."""
        data = {"command_key": new_command_key(), **values}
        answer = self.stage.client(who).post(address, data=data)
        assert answer.status_code in LED, (address, answer.text)

    def forms(self, page: Page) -> Iterator[Sent]:
        """The forms of a page."""
        shown = self.stage.client(page.who).get(page.address)
        assert shown.status_code == 200, (page.address, shown.status_code)
        for sent in self.stage.forms_of(page.address, page.who, shown.text):
            yield sent
            if page.keeps and sent.address == page.address:
                row = self.stage.row_of(page.keeps, "POST")
                assert row is not None
                yield replace(sent, endpoint=row.endpoint, address=page.keeps)

    def links(self, who: Actor, page: str) -> list[str]:
        """Where the links of a page lead."""
        shown = self.stage.client(who).get(page)
        return [urljoin(page, link) for link in read_page(shown.text).links]


@dataclass(frozen=True)
class Room:
    """A story and the addresses whose forms it brings on stage.

    ``suite``: whether it is so dangerous that every run tries it, and not the long proofs alone.
    ``anew``: those of them that answer with a page when all went well.
    """

    name: str
    takes: frozenset[str]
    story: Callable[[Scene], Iterable[Page]]
    suite: bool = False
    anew: frozenset[str] = frozenset()
