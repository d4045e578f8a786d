"""A demonstration union behind a real port, and a Chromium to walk through it."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, sync_playwright
from werkzeug.serving import make_server

from tests.browser.walking import CHROMIUM_FLAGS, PATIENT_MS, enter_as
from tests.cluster import TestCluster, running_keeper
from union.cli.running import built_house
from union.demo.making import make
from union.demo.people import PEOPLE
from union.factory import close_app, create_app
from union.infra.settings import Secrets, Settings
from union.kernel.reach import FRESH_FOR

FRESH_ENOUGH = FRESH_FOR.total_seconds() / 5
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def union_at(cluster: TestCluster, machine_secrets: Secrets, place: Path) -> Iterator[str]:
    """The address of a demonstration union: at a name, where telephones ask for their lock."""
    name = cluster.copy()
    database = cluster.database(name)
    with (
        running_keeper(place / "redis-browser") as keeper,
        socket.create_server(("127.0.0.1", 0)) as door,
    ):
        port = door.getsockname()[1]
        settings = Settings(
            database_url=database.url,
            owner_url=database.owner_url,
            keystore_url=cluster.keystore_url(),
            simulator_url=cluster.outside_copy(),
            redis_url=keeper.url,
            secrets=machine_secrets,
            demonstration=True,
            public_url=f"http://localhost:{port}",
        )
        with built_house(settings) as house:
            make(house, lambda _step: None)
        app = create_app(settings, showcase=PEOPLE)
        server = make_server("127.0.0.1", port, app, threaded=True, fd=door.fileno())
        server.daemon_threads = False  # what is being answered is answered before the parts go
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield settings.public_url
        server.shutdown()
        thread.join()
        server.server_close()
        close_app(app)
    cluster.drop(name)


@pytest.fixture(scope="session")
def chromium(union_at: str) -> Iterator[Browser]:
    """Closed before the union is: an open line would keep its last answer waiting."""
    where = shutil.which("chromium")
    assert where, "these tests need Chromium (Debian: apt-get install chromium)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def keys(chromium: Browser, union_at: str) -> Callable[[str], StorageState]:
    """A function: whom to be in, the cookies of her sign-in out.

    Each is used while it still counts as fresh at the doors that ask for a new proof, however
    long the tests before took: such a door stands before nobody here by surprise.
    """
    rings: dict[str, tuple[float, StorageState]] = {}

    def sign_in(sign_in_name: str) -> StorageState:
        asked_at = time.monotonic()
        if sign_in_name not in rings or asked_at - rings[sign_in_name][0] > FRESH_ENOUGH:
            context = chromium.new_context(base_url=union_at)
            context.set_default_timeout(PATIENT_MS)
            page = context.new_page()
            page.goto("/sign-in")
            enter_as(page, sign_in_name)
            rings[sign_in_name] = asked_at, context.storage_state()
            context.close()
        return rings[sign_in_name][1]

    return sign_in


@pytest.fixture
def phone(
    chromium: Browser, union_at: str, keys: Callable[[str], StorageState]
) -> Iterator[Callable[..., Page]]:
    """A function: whose phone (and how it is set) in, its open page out."""
    opened = []

    def open_phone(sign_in_name: str | None = None, **settings: object) -> Page:
        held = keys(sign_in_name) if sign_in_name else None
        context = chromium.new_context(
            base_url=union_at, viewport=PHONE, storage_state=held, **settings
        )
        opened.append(context)
        context.set_default_timeout(PATIENT_MS)
        page = context.new_page()
        page.goto("/" if sign_in_name else "/sign-in")
        if sign_in_name and "/sign-in" in page.url:
            # Another test ended that sign-in, or proved it again, which is a new one.
            enter_as(page, sign_in_name)
        return page

    yield open_phone
    for context in opened:
        context.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # A browser that has a picture already, or leaves the page, never has the served file read to
    # its end: it is closed when Python clears away, in whichever test that happens.
    left_open = "ignore:Exception ignored in. <_io.FileIO:pytest.PytestUnraisableExceptionWarning"
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings(left_open))
