"""A carrier of texts as carriers are: it times out, refuses, lies, delivers late, and says twice.

Speaks HTTP as an SMS gateway does. What it does with a text is drawn from the text's key alone, so
that a storm with the same seed meets the same weather. It keeps every knock, and must know
nothing of the union.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

HOST = "127.0.0.1"
TOO_LONG = 6.5
"""Seconds: longer than a call out is given."""

LATE = (15.0, 40.0)
TAKEN, NOT_TAKEN = b"0: Accepted for delivery", b"3: Not now"


class Mood(StrEnum):
    """What becomes of one text."""

    WELL = "well"
    TIMES_OUT = "times_out"
    TIMES_OUT_YET_DELIVERS = "times_out_yet_delivers"
    REFUSES = "refuses"
    LIES = "lies"
    LATE = "late"
    TWICE = "twice"


WEATHER: dict[Mood, int] = {
    Mood.WELL: 74,
    Mood.TIMES_OUT: 3,
    Mood.TIMES_OUT_YET_DELIVERS: 3,
    Mood.REFUSES: 5,
    Mood.LIES: 5,
    Mood.LATE: 4,
    Mood.TWICE: 6,
}
"""Moods in a hundred."""


@dataclass(frozen=True, slots=True)
class Knocked:
    """One request at the carrier's door, the instant it was there (seconds since the epoch)."""

    key: str
    number: str
    at: float
    mood: Mood


Deliver = Callable[[str, str, bool], None]
"""Called with a number, the text, and whether what is answered comes twice."""


@dataclass
class Carrier:
    """The server and its book of knocks."""

    deliver: Deliver
    seed: int
    knocks: list[Knocked] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    def open(self) -> str:
        """Serve from now on; the address that texts are posted to."""
        carrier = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._take(urlsplit(self.path).query)

            def do_POST(self) -> None:
                self._take(self.rfile.read(int(self.headers["Content-Length"])).decode())

            def _take(self, written: str) -> None:
                said = {name: values[0] for name, values in parse_qs(written).items()}
                status = carrier.take(said["key"], said["to"], said["text"])
                body = TAKEN if status is HTTPStatus.ACCEPTED else NOT_TAKEN
                self.send_response(status)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """A carrier's own log is nobody's business."""

        self._server = _Server((HOST, 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://{HOST}:{self._server.server_port}/send"

    def take(self, key: str, number: str, text: str) -> HTTPStatus:
        """Do with a text as the weather has it."""
        draw = random.Random(f"{self.seed}:{key}")
        mood = draw.choices(list(WEATHER), list(WEATHER.values()))[0]
        self.knocks.append(Knocked(key, number, time.time(), mood))
        if mood is Mood.REFUSES:
            return HTTPStatus.SERVICE_UNAVAILABLE
        if mood not in (Mood.TIMES_OUT, Mood.LIES):
            wait = draw.uniform(*LATE) if mood is Mood.LATE else 0.0
            self._deliver_in(wait, number, text, twice=mood is Mood.TWICE)
        if mood in (Mood.TIMES_OUT, Mood.TIMES_OUT_YET_DELIVERS):
            time.sleep(TOO_LONG)
        return HTTPStatus.ACCEPTED

    def close(self) -> None:
        """Serve no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def _deliver_in(self, wait: float, number: str, text: str, *, twice: bool) -> None:
        timer = threading.Timer(wait, self.deliver, (number, text, twice))
        timer.daemon = True
        timer.start()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Whoever knocked was killed meanwhile: that is what this is for."""
