"""The door between a scanner of web pages and the demonstration it attacks: all it asks goes by it.

Owns what may pass: to the demonstration and nowhere else, and to none of the pages that end the
walk. Keeps count of what was asked, what broke, and whether the demonstration itself called out.
It changes one thing only: a command's key, for one that was used does its work no second time.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, InvalidURL
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from posixpath import normpath
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit
from uuid import uuid4

ANSWERS_WITHIN_S, SHUTS_WITHIN_S = 60, 0.02
_KEY = re.compile(rb'(command_key(?:=|"\r\n\r\n))[0-9a-f]{32}(?=[&\r]|\Z)')
_OF_THIS_STRETCH = frozenset(
    ("connection", "content-length", "keep-alive", "proxy-connection", "transfer-encoding")
)
_WITHOUT_BODY = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


@dataclass(frozen=True)
class Broke:
    """A request that the demonstration answered with a fault of its own, or not at all."""

    method: str
    path: str
    status: int
    sent: bytes


@dataclass
class Told:
    """What came by: how many requests were passed on, which broke, who called from inside.

    ``cookie`` is what the scanner last sent as whom it walks, so that one can ask whether it still
    opens anything.
    """

    requests: int = 0
    broke: list[Broke] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    cookie: str = ""


class Door(ThreadingHTTPServer):
    """A proxy for one walk. Whoever asks it for a page of its own has been led here from inside."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, url: str, keeps_out: Collection[str], hers: Collection[str] = ()) -> None:
        """Lead to ``url``, but to none of the paths of ``keeps_out`` nor what lies beneath them.

        ``hers`` are the names of her cookies: what an attack sends in their place is answered
        without new ones, for with those the scanner would go on as somebody who is not signed in.
        """
        super().__init__(("127.0.0.1", 0), _Passing)
        self.leads_to = urlsplit(url).netloc
        self.keeps_out = frozenset(keeps_out)
        self.hers = frozenset(hers)
        self.told = Told()
        self.counting = threading.Lock()

    @property
    def url(self) -> str:
        """Where it stands."""
        return f"http://127.0.0.1:{self.server_port}"

    def opens(self, path: str) -> bool:
        """Whether a path may be asked for, however it is written."""
        plain = normpath(f"/{unquote(path).lstrip('/')}")
        return not any(plain == one or plain.startswith(f"{one}/") for one in self.keeps_out)


class _Passing(BaseHTTPRequestHandler):
    """Passes one request on and its answer back, byte for byte but for a command's key."""

    protocol_version = "HTTP/1.1"
    server: Door

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Whatever method it is, also one that nobody knows."""
        if name.startswith("do_"):
            return self._take
        raise AttributeError(name)

    def handle(self) -> None:
        """Until the scanner has enough of it: it hangs up whenever a part of its time is over."""
        with contextlib.suppress(ConnectionError):
            super().handle()

    def log_message(self, *_said: object) -> None:
        """Say nothing: what is to be told is counted."""

    def _take(self) -> None:
        asked, told = urlsplit(self.path), self.server.told
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not asked.netloc:
            told.called.append(asked.path)
        if asked.netloc != self.server.leads_to or not self.server.opens(asked.path):
            self._answer(HTTPStatus.NOT_FOUND, [], b"")
            return
        cookie = self.headers.get("Cookie") or ""
        as_her = self.server.hers <= {part.partition("=")[0].strip() for part in cookie.split(";")}
        with self.server.counting:
            told.requests += 1
            told.cookie = cookie if as_her else told.cookie
        status, headers, content = self._ask(asked, _KEY.sub(_another_key, body))
        if not as_her:
            headers = [one for one in headers if one[0].lower() != "set-cookie"]
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            told.broke.append(Broke(self.command, self.path, status, body))
        self._answer(status, headers, content)

    def _ask(self, asked: SplitResult, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        passed_on = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in _OF_THIS_STRETCH
        }
        address = urlunsplit(("", "", asked.path or "/", asked.query, ""))
        connection = HTTPConnection(self.server.leads_to, timeout=ANSWERS_WITHIN_S)
        try:
            connection.request(self.command, address, body or None, passed_on)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        except (InvalidURL, ValueError):
            return HTTPStatus.BAD_REQUEST, [], b""
        except TimeoutError:
            return HTTPStatus.GATEWAY_TIMEOUT, [], b""
        except (OSError, HTTPException):
            return HTTPStatus.BAD_GATEWAY, [], b""
        finally:
            connection.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _OF_THIS_STRETCH:
                self.send_header(name, value)
        if status not in _WITHOUT_BODY:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextlib.contextmanager
def open_door(url: str, keeps_out: Collection[str], hers: Collection[str] = ()) -> Iterator[Door]:
    """A door to ``url`` for as long as a walk lasts."""
    with Door(url, keeps_out, hers) as door:
        thread = threading.Thread(target=door.serve_forever, args=(SHUTS_WITHIN_S,), daemon=True)
        thread.start()
        try:
            yield door
        finally:
            door.shutdown()
            thread.join()


def _another_key(found: re.Match[bytes]) -> bytes:
    return found[1] + uuid4().hex.encode()
