"""``make screenshots``: the pages of a running demonstration as pictures, in docs/screens.

With an address as argument it looks there; otherwise at the usual port, and if nothing answers
it starts the demonstration itself and stops it at the end.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click
import requests
from playwright.sync_api import Browser, StorageState, sync_playwright

from tests.browser.night import live_through
from tests.browser.walking import CHROMIUM_FLAGS, NIGHT, SHOWN, STOPS, Stop, enter_as, walk_to

ROOT = Path(__file__).parents[2]
SCREENS = ROOT / "docs" / "screens"
USUAL = "http://localhost:8000"
WAIT_S = 300

SETS = (
    ("phone-light", {"width": 360, "height": 760}, "light"),
    ("phone-dark", {"width": 360, "height": 760}, "dark"),
    ("desk-light", {"width": 1280, "height": 860}, "light"),
    ("desk-dark", {"width": 1280, "height": 860}, "dark"),
)


def answers(address: str) -> bool:
    """Whether pages are served there."""
    try:
        return requests.get(f"{address}/sign-in", timeout=3).ok
    except requests.RequestException:
        return False


@contextlib.contextmanager
def demonstration(address: str) -> Iterator[None]:
    """The demonstration: as it runs already, or started for as long as needed."""
    if answers(address):
        yield
        return
    environment = {**os.environ, "PORT": str(urlsplit(address).port)}
    process = subprocess.Popen([sys.executable, "-m", "union", "up"], cwd=ROOT, env=environment)
    try:
        deadline = time.monotonic() + WAIT_S
        while not answers(address):
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit("The demonstration did not start; what it says is above.")
            time.sleep(0.5)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def shoot(browser: Browser, address: str, stop: Stop, held: StorageState | None) -> None:
    """One stop in every set."""
    for name, size, scheme in SETS:
        context = browser.new_context(
            base_url=address,
            viewport=size,
            color_scheme=scheme,
            storage_state=held,
            has_touch=name.startswith("phone"),
        )
        page = context.new_page()
        walk_to(page, stop)
        page.screenshot(path=SCREENS / f"{stop.name}-{name}.png")
        context.close()


def sign_in(browser: Browser, address: str, who: str) -> StorageState:
    """The cookies of one of the people offered."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/sign-in")
    enter_as(page, who)
    held = context.storage_state()
    context.close()
    return held


def main() -> None:
    """Look at the stops that are shown, or at those named after the address ("all": every one)."""
    address = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else USUAL
    wanted = set(sys.argv[2:]) or SHOWN
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Pictures need Chromium (Debian: apt-get install chromium).")
    SCREENS.mkdir(parents=True, exist_ok=True)
    with demonstration(address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        live_through(browser, address)
        held: dict[str | None, StorageState | None] = {None: None}
        for stop in STOPS + NIGHT:
            if "all" not in wanted and stop.name not in wanted:
                continue
            if stop.who not in held:
                held[stop.who] = sign_in(browser, address, str(stop.who))
            click.echo(f"  {stop.name}")
            shoot(browser, address, stop, held[stop.who])
        browser.close()


if __name__ == "__main__":
    main()
