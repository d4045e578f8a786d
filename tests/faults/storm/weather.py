"""The storm itself: reports come in, telephones answer, and somebody is killed now and then."""

from __future__ import annotations

import base64
import http.client
import random
import string
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from tests.faults.storm.account import Kill, Wait
from tests.faults.storm.deployment import DISTRICTS, VICTIMS, Deployment
from tests.faults.storm.desk import Desk

MOST_OPEN = 150
"""Incidents open at once: more are not reported until some have ended."""

A_SECOND = 4.5
"""Incidents reported in a second, while the product keeps up with it."""

FEWEST_SECONDS_BETWEEN_KILLS = 4.0
TRIES = 400
WAIT = 0.25
TIME_OUT = 20
LETTERS = string.ascii_lowercase
WAYS_IN = 4
HOTLINE = "+915000000000"
PROVIDER = "storm"
SECRET = "of this run only"
HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Authorization": "Basic " + base64.b64encode(f"storm:{SECRET}".encode()).decode(),
}


def as_provider(url: str) -> dict[str, str]:
    """The settings by which a deployment hands its texts to the carrier at this address."""
    own = f"SMS_{PROVIDER.upper()}_"
    return {
        "SMS_PROVIDERS": PROVIDER,
        f"{own}URL": url,
        f"{own}FORM": "key={key}&to={to}&text={text}",
        f"{own}TAKEN": "^0: ",
        f"{own}WEBHOOK_SECRET": SECRET,
    }


@dataclass
class WayIn:
    """How the carrier brings texts to the union: again and again until they are taken."""

    url: str = ""
    over: threading.Event = field(default_factory=threading.Event)

    def bring(self, key: str, number: str, words: str) -> None:
        """Bring one; TimeoutError if the union did not take it in a minute and a half."""
        where = urlsplit(self.url)
        body = urlencode({"id": key, "from": number, "to": HOTLINE, "text": words})
        for _ in range(TRIES):
            line = http.client.HTTPConnection(str(where.hostname), where.port, timeout=TIME_OUT)
            try:
                line.request("POST", where.path, body, HEADERS)
                status = line.getresponse().status
            except (OSError, http.client.HTTPException):
                status = HTTPStatus.SERVICE_UNAVAILABLE
            finally:
                line.close()
            if status < HTTPStatus.MULTIPLE_CHOICES:
                return
            if status < HTTPStatus.INTERNAL_SERVER_ERROR:
                raise PermissionError(status)
            if self.over.wait(WAIT):
                return
        raise TimeoutError(key)


@dataclass
class Storm:
    """So many incidents and so many kills, evenly spread."""

    deployment: Deployment
    desk: Desk
    way_in: WayIn
    incidents: int
    kills: int
    seed: int
    reported: dict[str, Wait] = field(default_factory=dict)
    not_taken: list[str] = field(default_factory=list)
    killed: list[Kill] = field(default_factory=list)
    over_at: float = float("inf")
    cut: threading.Event = field(default_factory=threading.Event)
    begun_at: float = field(default_factory=time.monotonic)

    def blow(self, tell: Callable[[], None]) -> None:
        """Report everything and kill everybody who is to be killed, or until it is cut short.

        ``tell`` is called a few times a second.
        """
        self.begun_at = time.monotonic()
        draw = random.Random(self.seed)
        victims = self._victims(draw)
        every = max(1, self.incidents // max(1, self.kills))
        wanted = iter(range(self.incidents))
        turn = threading.Lock()
        hands = [
            threading.Thread(target=self._report, args=(wanted, turn), daemon=True)
            for _ in range(WAYS_IN)
        ]
        for hand in hands:
            hand.start()
        while not self.cut.is_set():
            alive = any(hand.is_alive() for hand in hands)
            if victims and self.tried >= every * len(self.killed):
                self._kill(victims)
            elif not alive:
                break
            if not self.desk.is_at_work:
                self.cut.set()
            tell()
            self.cut.wait(WAIT)
        for hand in hands:
            hand.join()
        self.over_at = time.monotonic()

    @property
    def tried(self) -> int:
        """Reports that were brought, taken or not: nothing waits for what was refused."""
        return len(self.reported) + len(self.not_taken)

    def _report(self, wanted: Iterator[int], turn: threading.Lock) -> None:
        while True:
            with turn:
                number = next(wanted, None)
            if number is None or not self._its_turn(number):
                return
            draw = random.Random(f"{self.seed}:{number}")
            district = draw.choice(DISTRICTS)[0]
            word = "".join(draw.choices(LETTERS, k=9))
            key = f"report-{number}"
            told_at = time.time()
            try:
                self.way_in.bring(key, f"+91{5_700_000_000 + number}", f"{district} {word}")
            except (TimeoutError, PermissionError):
                self.not_taken.append(key)
                continue
            self.reported[key] = Wait(told_at, time.time())

    def _its_turn(self, number: int) -> bool:
        """Wait for the instant this one is reported; False if the storm is cut short before."""
        while not self.cut.is_set():
            early = self.begun_at + number / A_SECOND - time.monotonic()
            if early <= 0 and self.desk.open_now <= MOST_OPEN:
                return True
            self.cut.wait(max(early, WAIT))
        return False

    def _kill(self, victims: list[str]) -> None:
        last = self.killed[-1].at if self.killed else 0.0
        if time.time() - last < FEWEST_SECONDS_BETWEEN_KILLS:
            return
        at = self.deployment.kill(victims[-1])
        if at is not None:
            self.killed.append(Kill(victims.pop(), at))

    def _victims(self, draw: random.Random) -> list[str]:
        """Everybody at least once where there are enough kills, the rest by weight."""
        each = list(VICTIMS)[: self.kills]
        more = draw.choices(list(VICTIMS), list(VICTIMS.values()), k=self.kills - len(each))
        chosen = [*each, *more]
        draw.shuffle(chosen)
        return chosen
