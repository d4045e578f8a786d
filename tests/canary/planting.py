"""Somebody who opens every page she may and writes a word of its own into every field of it.

Walks over HTTP as a browser without scripts does. What the union refuses is planted as well: a
refused word must be forgotten. Must never know a page of ours by name but for those that would end
the walk.
"""

from __future__ import annotations

import collections
import io
import itertools
import random
import re
import struct
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import requests
from pypdf import PdfReader
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from tests.canary.forms import TICKED, Field, Form, read_page
from tests.canary.searching import find_all
from union.kernel.reach import FRESH_FOR

MARK = "qz7kanari"
"""In every word that is planted, and nowhere else in the world."""

NUMBER = "5845098"
"""How every planted telephone number begins."""

_ALONE = rb"(?<![0-9a-f])"
_BEFORE = b"|".join((_ALONE, *(b"(?<=" + _ALONE + one + b")" for one in (b"0", b"91", b"0091"))))
PLANTED = re.compile(
    MARK.encode() + rb"\d+|(?:" + _BEFORE + b")" + NUMBER.encode() + rb"\d{3}(?![0-9a-f])"
)
"""A planted word or number, also where a country's number stands before it."""

PLACEHOLDERS = {"date": "2026-11-01", "time": "10:30", "month": "2026-10", "number": "3"}
WORDS_EACH = 1_000_000
"""Words of one walker are numbered from her own million on; those below stand in files."""

SAID_BY_BROWSERS = ("User-Agent", "Referer", "X-Forwarded-For", "X-Request-Id")
ENDS_THE_WALK = (
    *("/leave", "/sign-out", "/sign-in", "/language", "/me/sessions"),
    *("/lock", "/office/lock", "/office/locked"),
)
PRETENDED = "/outside/"
CALLED = "called"
DOOR = "/prove"
FRESH_ENOUGH_S = FRESH_FOR.total_seconds() / 2
PATIENCE_S = 300
FEWEST_SIGNS_OF_A_SHAPE = 2
"""A page of one shape (its address without what differs) is opened so many times."""


@dataclass
class Walker:
    """One person with a browser.

    ``met`` counts the answers, ``broken`` keeps what failed, ``sent`` what forms were filled.
    ``storable`` are answers a browser may keep, and ``files`` answers that are no page, each with
    the planted words in it; ``taken`` says where those came from. ``pretended`` was written into
    telephones of the demonstration, which keep it in the open until it is written over, and
    ``called`` where the register is told what somebody is called.
    """

    url: str
    session: requests.Session
    seed: int
    pages: int
    met: collections.Counter[int] = field(default_factory=collections.Counter)
    broken: list[tuple[str, str, int]] = field(default_factory=list)
    planted: collections.Counter[str] = field(default_factory=collections.Counter)
    sent: set[tuple[str, ...]] = field(default_factory=set)
    storable: dict[str, set[str]] = field(default_factory=dict)
    files: dict[str, set[str]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    pretended: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    _numbers: Iterator[int] = field(init=False)
    _proved_at: float = 0.0
    _shapes: collections.Counter[str] = field(default_factory=collections.Counter)

    def __post_init__(self) -> None:
        """Words of her own, and a browser that says some of them of itself."""
        self._numbers = itertools.count((self.seed + 1) * WORDS_EACH)
        # A line that was let go while it rested is taken up anew, as a browser does.
        self.session.mount("http://", HTTPAdapter(max_retries=Retry(3, allowed_methods=None)))
        for name in SAID_BY_BROWSERS:
            self.session.headers[name] = self._word()

    def sign_in(self, name: str) -> None:
        """As one of the demonstration's people, after words of ours were tried and refused.

        StopIteration if the page offers no such person.
        """
        self._ask("GET", f"/members/{self._word()}?{self._word()}={self._word()}")
        self._proved_at = time.monotonic()
        pressed = ("sign_in_name", name)
        for is_meant in (_asks_for_a_password, lambda form: pressed in form.buttons):
            forms = read_page(self._ask("GET", "/sign-in") or "").forms
            form = next(form for form in forms if is_meant(form))
            hidden = [(one.name, one.value) for one in form.fields if one.kind == "hidden"]
            typed = [(one.name, self._word()) for one in form.fields if one.kind != "hidden"]
            button = [pressed] if pressed in form.buttons else []
            self._ask("POST", form.action or "/sign-in", data=[*hidden, *typed, *button])

    def walk(self, begin: str = "/") -> None:
        """Open pages breadth first, files at once, and send each form of each shape once."""
        waiting, seen = collections.deque([begin]), {begin}
        while waiting and self.pages > 0:
            address = waiting.popleft()
            self._stay_fresh()
            page = self._ask("GET", address)
            if page is None:
                continue
            offered = read_page(page)
            for form in offered.forms:
                self._send(address, form)
            for link in offered.links:
                there = self._within(address, link)
                if there is not None and there not in seen and self._is_new(there):
                    seen.add(there)
                    (waiting.appendleft if is_a_file(there) else waiting.append)(there)

    def take_again(self) -> None:
        """Every file she took, as it is by now."""
        for address in sorted(self.taken):
            self._stay_fresh()
            self._ask("GET", address)

    def _stay_fresh(self) -> None:
        """Prove again, before a door asks for it, what a slow walk has let grow old."""
        if time.monotonic() - self._proved_at < FRESH_ENOUGH_S:
            return
        self._proved_at = time.monotonic()
        door = self.session.get(urljoin(self.url, DOOR), timeout=PATIENCE_S)
        for form in read_page(door.text).forms:
            if form.action.startswith(f"{DOOR}/"):
                data = [(one.name, one.value) for one in form.fields]
                there = urljoin(self.url, form.action)
                self.session.post(there, data, allow_redirects=False, timeout=PATIENCE_S)

    def _send(self, page: str, form: Form) -> None:
        there = self._within(page, form.action or page)
        if there is None or form.method != "post":
            return
        sign = (_shape(there), *form.shape)
        if sign in self.sent:
            return
        self.sent.add(sign)
        draw = random.Random(f"{self.seed}:{sign}")
        data, files = [], []
        for one in form.fields:
            if one.kind == "file":
                files.append((one.name, (f"{self._word()}.png", _picture(self._word()))))
            else:
                data.extend((one.name, value) for value in self._values(one, draw))
        if form.buttons:
            data.append(draw.choice(form.buttons))
        if there.startswith(PRETENDED):
            self.pretended.update(value for _name, value in data)
        self._ask("POST", there, data=data, files=files or None)

    def _values(self, one: Field, draw: random.Random) -> list[str]:
        if one.kind == "hidden":
            return [one.value]
        if one.kind in TICKED or one.kind == "select":
            said = [value for value in one.choices if value]
            return [draw.choice(said)] if said else []
        if one.kind == "tel" or "phone" in one.name or one.name == "number":
            return [f"{NUMBER}{next(self._numbers) % 1000:03d}"]
        if one.kind in PLACEHOLDERS:
            return [one.value or PLACEHOLDERS[one.kind]]
        word = self._word()
        if one.name == CALLED:
            self.called.add(word)
        return [word]

    def _word(self) -> str:
        self.planted["words"] += 1
        return f"{MARK}{next(self._numbers)}"

    def _ask(self, method: str, address: str, **sent: object) -> str | None:
        self.pages -= 1
        answer = self.session.request(
            method,
            urljoin(self.url, address),
            allow_redirects=method == "GET",
            timeout=PATIENCE_S,
            **sent,
        )
        self.met[answer.status_code] += 1
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.broken.append((method, address, answer.status_code))
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if "no-store" not in answer.headers.get("Cache-Control", ""):
            self.storable[address] = find_all(answer.content, PLANTED)
        if not is_page:
            self.taken.update([address] if method == "GET" else [])
            shown = find_all(_readable(answer.content), PLANTED)
            self.files.setdefault(_shape(address), set()).update(shown)
        return answer.text if is_page else None

    def _within(self, page: str, link: str) -> str | None:
        """The address a link leads to, if it is one of ours and does not end the walk."""
        there = urlsplit(urljoin(urljoin(self.url, page), link))
        ours = urlsplit(self.url)
        if there.netloc != ours.netloc or there.path.startswith((*ENDS_THE_WALK, "/static/")):
            return None
        return there._replace(scheme="", netloc="", fragment="").geturl()

    def _is_new(self, address: str) -> bool:
        self._shapes[_shape(address)] += 1
        return self._shapes[_shape(address)] <= FEWEST_SIGNS_OF_A_SHAPE


def _asks_for_a_password(form: Form) -> bool:
    return any(one.kind == "password" for one in form.fields)


def _shape(address: str) -> str:
    """An address without what differs from one object to the next."""
    path = urlsplit(address).path
    parts = ("*" if any(sign.isdigit() for sign in part) else part for part in path.split("/"))
    return "/".join("*" if len(part) > 16 else part for part in parts)


def is_a_file(address: str) -> bool:
    """Whether it is something to take along rather than to look at."""
    path = urlsplit(address).path
    return "." in path.rpartition("/")[2] or path.endswith(("/export", "/csv", "/pdf"))


def _readable(content: bytes) -> bytes:
    """A file as it came, and of a paper besides what an eye reads on it."""
    if not content.startswith(b"%PDF"):
        return content
    pages = PdfReader(io.BytesIO(content)).pages
    return content + "\n".join(page.extract_text() for page in pages).encode()


def _picture(word: str) -> bytes:
    """The smallest picture there is, with a word in it that no eye sees."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", head),
            chunk(b"tEXt", b"Comment\0" + word.encode()),
            chunk(b"IDAT", zlib.compress(b"\0\0")),
            chunk(b"IEND", b""),
        )
    )
