"""The people behind the telephones: they read a text, answer by text or link, go, and are there.

Each acts through HTTP as a telephone does, and tries again for as long as the pages are away. Must
never look into the union's tables.
"""

from __future__ import annotations

import collections
import http.client
import itertools
import random
import re
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from tests.builders.crisis import HERS

LINK = re.compile(r"https?://\S+")
SLIP = re.compile(r"\b(\d{4})\b")
HIDDEN = re.compile(r'name="(csrf_token|command_key)"[^>]*value="([^"]+)"')
BUTTON = '<button type="submit"'
THINKS = (0.2, 3.0)
TRAVELS = (1.0, 4.0)
HEARS_NOTHING, SAYS_NO, SAYS_YES_BY_TEXT = 18, 8, 14
"""Of a hundred people: the others open the link at once."""

AT_ONCE = 300
"""People who may be on their way at the same moment; each of them mostly waits."""

WAIT = 0.25
"""Seconds until she presses again when nothing comes back; who has set out does not give up."""

TIME_OUT = 20

Texter = Callable[[str, str, str], None]
"""Brings a text to the union: the carrier's id of it, the number it is from, the words."""


@dataclass
class Telephones:
    """Everybody's telephone; ``met`` counts what people did, ``known`` are the links they have."""

    text: Texter
    seed: int
    met: collections.Counter[str] = field(default_factory=collections.Counter)
    known: set[str] = field(default_factory=set)
    off: threading.Event = field(default_factory=threading.Event)
    _hands: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE))
    _ids: itertools.count[int] = field(default_factory=itertools.count)

    def deliver(self, number: str, text: str, twice: bool) -> None:
        """A text is there; somebody reads it in a while, or never.

        A link told again is the one she has open: what she does about it she does once.
        """
        link = LINK.search(text)
        slip = SLIP.search(LINK.sub("", text))
        if link is None or slip is None or self.off.is_set() or link[0] in self.known:
            return
        self.known.add(link[0])
        self._hands.submit(self._live, number, link[0], slip[1], twice)

    def close(self) -> None:
        """Nobody answers any more."""
        self.off.set()
        self._hands.shutdown(cancel_futures=True)

    def _live(self, number: str, link: str, slip: str, twice: bool) -> None:
        draw = random.Random(f"{self.seed}:{link}")
        self.off.wait(draw.uniform(*THINKS))
        chosen = draw.randrange(100) - HEARS_NOTHING
        if chosen < 0:
            self.met["heard nothing"] += 1
        elif chosen < SAYS_NO:
            self._say(number, f"{slip} no", twice)
        else:
            if chosen < SAYS_NO + SAYS_YES_BY_TEXT:
                self._say(number, f"{slip} {HERS}", twice)
            self._go(number, link, draw)

    def _go(self, number: str, link: str, draw: random.Random) -> None:
        telephone = _Browser(number, link, self.off)
        if BUTTON not in telephone.press("show"):
            self.met["was not needed"] += 1
            return
        self.off.wait(draw.uniform(*TRAVELS))
        if telephone.press("there"):
            self.met["was there"] += 1

    def _say(self, number: str, words: str, twice: bool) -> None:
        key = f"answer-{next(self._ids)}"
        for _ in range(2 if twice else 1):
            self.text(key, number, words)
        self.met["answered by text"] += 1


@dataclass
class _Browser:
    """What one telephone has open: a link, its cookie, an address of its own as in life."""

    number: str
    link: str
    off: threading.Event
    _cookie: str = ""
    _page: str = ""

    def press(self, act: str) -> str:
        """Press a button of the page that is open, or of the link's; the page that comes back."""
        hidden = _hidden(self._page) or _hidden(self._ask("GET", None))
        self._page = self._ask("POST", {**hidden, "digits": HERS, "act": act})
        return self._page

    def _ask(self, method: str, form: Mapping[str, str] | None) -> str:
        where = urlsplit(self.link)
        tail = int(self.number[-6:])
        source = (f"127.{1 + tail // 62_500 % 200}.{tail // 250 % 250}.{2 + tail % 250}", 0)
        while not self.off.is_set():
            line = http.client.HTTPConnection(
                str(where.hostname), where.port, timeout=TIME_OUT, source_address=source
            )
            try:
                line.request(
                    method,
                    where.path,
                    urlencode(form or {}),
                    {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self._cookie},
                )
                answer = line.getresponse()
                page = answer.read().decode()
            except (OSError, http.client.HTTPException):
                answer = None
            finally:
                line.close()
            if answer is not None and answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                self._cookie = (answer.headers["Set-Cookie"] or self._cookie).split(";")[0]
                return page
            self.off.wait(WAIT)
        return ""


def _hidden(page: str) -> dict[str, str]:
    return dict(HIDDEN.findall(page))
