"""Chromium with profiles on a disk, through which officers look at what was planted.

One profile is left as the product offers it, one is killed in the middle of a page. What the
profiles hold afterwards is searched elsewhere.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from tests.browser.profile import Phone
from tests.browser.walking import DOOR, enter_as
from tests.canary.planting import MARK, PLANTED, is_a_file
from tests.canary.searching import find_all

CONTROL = f"{MARK}99999999"
"""Stands on a page that is not ours and may be kept: it must be found in every profile."""

ROLES = ("secretary", "operator", "paralegal", "welfare")
PAGES_EACH = 10
WRITTEN_AFTER_MS = 11_000
"""A browser writes its history down every ten seconds."""
PATIENCE_S = 120
LEFT, KILLED = "left", "killed"
TYPED = f"{MARK}77777777"
"""Typed and never sent."""


@dataclass
class Seen:
    """Where the profiles lie, and how many pages showed a planted word in each."""

    folder: Path
    pages: dict[str, int] = field(default_factory=dict)


def browse(url: str, folder: Path) -> Seen:
    """Both ways of ending a session, each in a profile of its own."""
    seen = Seen(folder)
    with sync_playwright() as playwright, page_of_others() as elsewhere:
        for name in (LEFT, KILLED):
            (folder / name).mkdir(parents=True)
            phone = Phone(playwright.chromium, folder / name)
            try:
                context = phone.start()
                context.new_page().goto(elsewhere)
                seen.pages[name] = sum(
                    _looks(context, url, role, leaves=name == LEFT) for role in ROLES
                )
                waiting = context.new_page()
                waiting.wait_for_timeout(WRITTEN_AFTER_MS)
                until = time.monotonic() + PATIENCE_S
                while not _is_written(folder / name) and time.monotonic() < until:
                    waiting.wait_for_timeout(1000)
            finally:
                phone.kill()
    return seen


def _is_written(profile: Path) -> bool:
    """Whether what may be kept is in a file by now; one that goes meanwhile holds nothing."""
    for path in profile.rglob("*"):
        with suppress(OSError):
            if path.is_file() and CONTROL.encode() in path.read_bytes():
                return True
    return False


def _looks(context: BrowserContext, url: str, role: str, *, leaves: bool) -> int:
    """One officer opens what her first page leads to; how many pages showed a word of ours."""
    context.clear_cookies()
    page = context.new_page()
    page.goto(f"{url}/sign-in")
    enter_as(page, role)
    links = page.locator("main a[href^='/'], nav a[href^='/']").evaluate_all(
        "all => [...new Set(all.map(one => one.getAttribute('href')))]"
    )
    shown = 0
    for link in [one for one in links if not is_a_file(one)][:PAGES_EACH]:
        page.goto(url + link)
        if DOOR in page.url:
            continue
        shown += bool(find_all(page.content().encode(), PLANTED))
        for writing in page.locator("main textarea").all()[:1]:
            writing.fill(TYPED)
    if leaves:
        page.keyboard.press("F8")
        page.locator("h1.hidden-word").wait_for(state="attached")  # the union heard
        page.wait_for_load_state("networkidle")
    return shown


@contextmanager
def page_of_others() -> Iterator[str]:
    """A page that a browser keeps, with a word that is then found."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"<title>{CONTROL}</title><p>{CONTROL}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Cache-Control", "max-age=3600")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            """Nothing: what is asked here is nobody's matter."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()
