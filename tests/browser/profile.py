"""A Chromium with a profile of its own that can be killed like a phone whose battery is pulled."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, BrowserType

from tests.browser.walking import CHROMIUM_FLAGS, PATIENT_MS

_PATIENCE_S = 120


class Phone:
    """One browser process over one profile; started, killed, and started again."""

    def __init__(self, kind: BrowserType, profile: Path) -> None:
        self.profile = profile
        self._kind = kind
        self._process: subprocess.Popen[bytes] | None = None
        self._browser: Browser | None = None

    def start(self) -> BrowserContext:
        """Open the browser on its profile."""
        told = self.profile / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        where = shutil.which("chromium")
        assert where, "these tests need Chromium (Debian: apt-get install chromium)"
        self._process = subprocess.Popen(
            [
                where,
                "--headless=new",
                "--remote-debugging-port=0",
                f"--user-data-dir={self.profile}",
                "--window-size=360,740",
                *CHROMIUM_FLAGS,
                "about:blank",
            ],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + _PATIENCE_S
        while not told.exists() or not told.read_text().strip():
            assert time.monotonic() < until, "the browser did not start"
            time.sleep(0.05)
        port = told.read_text().split()[0]
        self._browser = self._kind.connect_over_cdp(
            f"http://127.0.0.1:{port}", timeout=_PATIENCE_S * 1000
        )
        context = self._browser.contexts[0]
        context.set_default_timeout(PATIENT_MS)
        if not context.pages:  # it answers before it has opened its first page
            context.new_page()
        return context

    def kill(self) -> None:
        """Pull the battery: nothing is written any more that is not written now."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
        if self._browser is not None:
            self._browser.close()
            self._browser = None

    def contents(self) -> bytes:
        """Every byte the profile holds."""
        return b"\0".join(
            path.read_bytes() for path in sorted(self.profile.rglob("*")) if path.is_file()
        )
