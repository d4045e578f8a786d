"""The stand-in as one WSGI application: its API, its pages, and the notices it sends, signed.

Mounted behind the demonstration's own door, or served on 127.0.0.1 by a test. It must never be
served where a real union's money is.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests
from werkzeug.wrappers import Request, Response

from union.gateways.payments.stand_in import pages
from union.gateways.payments.stand_in.api import Call, answer, nest
from union.gateways.payments.stand_in.lasting import pass_time
from union.gateways.payments.stand_in.store import Store
from union.gateways.payments.stand_in.world import NoSuchThingError, RefusedError, Thing, World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from union.kernel.clock import Clock

DEMONSTRATION_KEY = "sk_test_pretended_money_only"
DEMONSTRATION_SECRET = "whsec_pretended_money_only"  # noqa: S105  # nosec B105 # of the demonstration, known to everybody
PATH = "/outside/cards"
"""Where it lies behind a demonstration's door."""

WAITS = (60, 300, 1800, 7200, 36000)
"""Seconds until a notice nobody took is told again; then it is given up."""

TOOK = 300
POST_TIMEOUT_S = 5

Post = Callable[[str, bytes, dict[str, str]], int]
"""Sends a notice: address, body, headers in; the status out, or an OSError."""


def post(address: str, body: bytes, headers: dict[str, str]) -> int:
    """Send a notice over the wire."""
    return requests.post(address, data=body, headers=headers, timeout=POST_TIMEOUT_S).status_code


@dataclass(slots=True)
class StandIn:
    """The pretended card company. ``address`` is where it answers, ``notices`` where it tells.

    ``weather`` makes the next calls of the API go wrong: "away" does nothing and fails, "lost"
    does it and its answer is lost. Without ``notices`` it tells nobody.
    """

    store: Store
    clock: Clock
    address: str
    notices: str | None = None
    key: str = DEMONSTRATION_KEY
    secret: str = DEMONSTRATION_SECRET
    post: Post = post
    weather: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def world(self) -> Iterator[World]:
        """The world, held."""
        with self.store.hold() as state:
            yield World(state, int(self.clock.now().timestamp()))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, then tell what happened."""
        request = Request(environ)
        asked = self._api if request.path.startswith("/v1/") else self._page
        response = asked(request)
        if request.method != "GET":
            self.tell()
        return response(environ, start_response)

    def tell(self) -> int:
        """Send the notices that are due, oldest first; how many were taken."""
        if self.notices is None:
            return 0
        with self.world() as world:
            due = [one for one in world.state["outbox"] if one["due"] <= world.now]
            events = [world.get(one["event"]) for one in due]
        taken = set()
        for event in events:
            body, headers = self.signed(event)
            with contextlib.suppress(OSError):
                if self.post(self.notices, body, headers) < TOOK:
                    taken.add(event["id"])
        with self.world() as world:
            self._wait(world, {one["event"] for one in due} - taken, taken)
        return len(taken)

    def signed(self, event: Thing, at: float | None = None) -> tuple[bytes, dict[str, str]]:
        """A notice as it goes over the wire, signed at an instant (now, by the machine's clock)."""
        body = json.dumps(event, indent=2).encode()
        stamp = int(time.time() if at is None else at)
        words = f"{stamp}.".encode() + body
        signature = hmac.new(self.secret.encode(), words, hashlib.sha256).hexdigest()
        return body, {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": f"t={stamp},v1={signature}",
        }

    @staticmethod
    def _wait(world: World, missed: set[str], taken: set[str]) -> None:
        kept = []
        for one in world.state["outbox"]:
            if one["event"] in missed:
                one["due"] = world.now + WAITS[min(one["tries"], len(WAITS) - 1)]
                one["tries"] += 1
            if one["event"] not in taken and one["tries"] <= len(WAITS):
                kept.append(one)
        world.state["outbox"][:] = kept

    def _api(self, request: Request) -> Response:
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            said: dict[str, Any] = {"error": {"type": "invalid_request_error", "message": "Key"}}
            return Response(json.dumps(said), 401, mimetype="application/json")
        weather = self.weather.pop(0) if self.weather else "well"
        if weather == "away":
            return _broken()
        held = request.form if request.method == "POST" else request.args
        call = Call(
            request.method,
            request.path.removeprefix("/v1/"),
            nest(held.items(multi=True)),
            request.headers.get("Idempotency-Key"),
        )
        with self.world() as world:
            given = answer(world, call, self.address)
        if weather == "lost":
            return _broken()
        response = Response(json.dumps(given.body), given.status, mimetype="application/json")
        response.headers["Request-Id"] = f"req_{world.state['seq']}"
        if given.replayed:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    def _page(self, request: Request) -> Response:
        with self.world() as world:
            pass_time(world)
            try:
                return pages.show(world, request, self.address)
            except (NoSuchThingError, RefusedError):
                return Response(pages.over(), 410, mimetype="text/html", headers=pages.HEADERS)


def _broken() -> Response:
    said = {"error": {"type": "api_error", "message": "Something is not well"}}
    return Response(json.dumps(said), 500, mimetype="application/json")
