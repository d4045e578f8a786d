"""One ear per process on the database's channel: boards wait here and hold no session."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg
import structlog

from union.crisis.services.timeline import BOARD
from union.infra.db import psycopg_url

BEAT_SECONDS = 15.0
STREAM_SECONDS = 240.0
QUIET_SECONDS = 120.0
AGAIN_SECONDS = 2.0

log = structlog.get_logger()


@dataclass
class Bell:
    """Rings for every stream of this process; it listens only while somebody looks."""

    url: str
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _rings: int = 0
    _asked_at: float = 0.0
    _ear: threading.Thread | None = None

    def stream(self) -> Iterator[str]:
        """Server-sent events: one whenever something changed, and a beat in between."""
        yield "retry: 2000\n\n"
        heard = self._listen()
        ends = time.monotonic() + STREAM_SECONDS
        while time.monotonic() < ends:
            now = self._wait(heard)
            yield "event: changed\ndata: 1\n\n" if now != heard else ": still here\n\n"
            heard = now

    def _listen(self) -> int:
        with self._changed:
            self._asked_at = time.monotonic()
            if self._ear is None or not self._ear.is_alive():
                self._ear = threading.Thread(target=self._hear, daemon=True, name="board-bell")
                self._ear.start()
            return self._rings

    def _wait(self, heard: int) -> int:
        with self._changed:
            self._asked_at = time.monotonic()
            self._changed.wait_for(lambda: self._rings != heard, timeout=BEAT_SECONDS)
            return self._rings

    def _hear(self) -> None:
        while time.monotonic() - self._asked_at < QUIET_SECONDS:
            try:
                self._hear_once()
            except psycopg.OperationalError:
                log.warning("board_bell_lost")
                time.sleep(AGAIN_SECONDS)
                self._ring()

    def _hear_once(self) -> None:
        address = psycopg_url(self.url).replace("+psycopg", "", 1)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"LISTEN {BOARD}")
            while time.monotonic() - self._asked_at < QUIET_SECONDS:
                for _notice in connection.notifies(timeout=1.0, stop_after=1):
                    self._ring()

    def _ring(self) -> None:
        with self._changed:
            self._rings += 1
            self._changed.notify_all()
