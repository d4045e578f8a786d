"""Real round trips through Kannel: a page out, its receipt in, her answer in, and what it does."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.builders.crisis import HERS, make_responder, report
from tests.conftest import Parts
from tests.faults.processes import wait_for
from tests.outside.kannel import HERE, OURS, PATIENCE_S, Kannel, running_kannel
from union.crisis.models import Page
from union.crisis.rules.kinds import PageState
from union.factory import close_app, create_app
from union.infra.ways_settings import HttpSmsSettings, WaysSettings
from union.kernel.actor import Actor
from union.messages.models import DeliveryReceipt, InboundMessage
from union.wiring import House, build_house
from worker.queues import QUEUES, work_off

pytestmark = pytest.mark.outside

TEST = Actor.system("test")
PHONE, SECRET = "+915830166131", "pretended-secret"
NEEDED = (PageState.ACCEPTED, PageState.BRIEFED)


class Listening(WSGIRequestHandler):
    """Notes the addresses that were asked for: nothing may stand in them."""

    asked: list[str]

    def log_request(self, *_said: object) -> None:
        self.asked.append(self.path)


@pytest.fixture
def door() -> Iterator[socket.socket]:
    """Where the union's pages will be: ours from now on, so that nobody else takes it."""
    with socket.create_server((HERE, 0)) as door:
        yield door


@pytest.fixture
def address(door: socket.socket) -> str:
    return f"{HERE}:{door.getsockname()[1]}"


@pytest.fixture
def kannel(address: str, tmp_path: Path) -> Iterator[Kannel]:
    with running_kannel(tmp_path, address, SECRET) as kannel:
        yield kannel


@pytest.fixture
def settings(parts: Parts, kannel: Kannel, address: str):
    gateway = HttpSmsSettings(
        name="kannel",
        url=kannel.url,
        user="sangha",
        secret=SECRET,
        sender=OURS,
        callback=f"http://{address}",
        webhook_secret=SECRET,
    )
    ways = WaysSettings(sms=("kannel",), http={"kannel": gateway})
    return replace(parts.settings, ways=ways, public_url=f"http://{address}")


@pytest.fixture
def asked(settings, door: socket.socket) -> Iterator[list[str]]:
    """The union's pages behind a real port; the addresses it was asked for."""
    app = create_app(settings)
    handler = type("Handler", (Listening,), {"asked": []})
    port, fd = door.getsockname()[1], door.fileno()
    server = make_server(HERE, port, app, threaded=True, request_handler=handler, fd=fd)
    server.daemon_threads = False  # what is being answered is answered before the parts go
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield handler.asked
    server.shutdown()
    thread.join()
    server.server_close()
    close_app(app)


@pytest.fixture
def house(settings) -> Iterator[House]:
    house = build_house(settings)
    yield house
    house.close()


def settle(house: House) -> bool:
    for queue in QUEUES:
        work_off(house, queue)
    return True


def rows(house: House, *columns):
    with house.unit.reading(TEST) as work:
        return work.session.execute(select(*columns).order_by(columns[0])).all()


def test_a_page_goes_out_its_receipt_comes_in_and_her_answer_counts(kannel, asked, house):
    with house.unit.begin(TEST) as work:
        make_responder(work, phone=PHONE)
        report(work)
    wait_for(lambda: settle(house) and re.search(r"ಚೀಟಿ \d{4} .*/s/", kannel.shown()), PATIENCE_S)
    slip = re.search(r"ಚೀಟಿ (\d{4})", kannel.shown())[1]
    assert kannel.listens_only_here()

    wait_for(lambda: ("delivered",) in rows(house, DeliveryReceipt.word), PATIENCE_S)
    settle(house)
    assert rows(house, Page.state) == [(PageState.ASKED,)]

    kannel.telephones(f"{PHONE} {OURS} text {slip} {HERS}")
    wait_for(lambda: rows(house, InboundMessage.channel) == [("sms",)], PATIENCE_S)
    wait_for(lambda: settle(house) and rows(house, Page.state)[0].state in NEEDED, PATIENCE_S)

    assert [one for one in asked if PHONE[1:] in one or f"{slip} {HERS}" in one] == []
    assert {one.partition("?")[0] for one in asked} == {
        "/in/sms/kannel",
        "/in/sms/kannel/receipt",
    }
