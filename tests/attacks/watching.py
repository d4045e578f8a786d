"""What one sending asked of its form and wrote to any database, told so that two can be compared.

Each is done from the same state: what was written is taken back, and what counts rows counts anew.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, event, text
from werkzeug.datastructures import ImmutableMultiDict

from tests.attacks.filling import Sent, posted
from tests.attacks.stage import Stage
from union.kernel.ids import ALPHABET, REF_LENGTH
from union.web.uploads import MemoryRequest

WRITES = re.compile(
    r"\b(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|MERGE\s+INTO)\b", re.IGNORECASE
)
DRAWN = re.compile(
    rf"\$argon2id\$\S+|\b[0-9a-f]{{32,}}\b|\b[{ALPHABET}]{{{REF_LENGTH}}}\b|[\w-]{{43}}"
)
"""Salts, keys, references and tokens, which are drawn anew each time."""

OURS = """
SELECT DISTINCT p.proname FROM pg_proc p
 WHERE p.pronamespace = 'public'::regnamespace AND p.provolatile = 'v' AND p.prokind = 'f'
   AND p.prorettype <> 'trigger'::regtype
"""
"""Functions of ours that may write."""

COUNTERS = """
SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences
 WHERE schemaname = 'public'
"""
COUNT_ANEW = text("""
SELECT setval(cast(name AS regclass), coalesce(last, 1), last IS NOT NULL)
  FROM unnest(cast(:names AS text[]), cast(:lasts AS bigint[])) AS counter(name, last)
""")


class Watched(ImmutableMultiDict[str, str]):
    """A form that remembers which of its names were asked for."""

    asked: set[str]

    @classmethod
    def over(cls, form: ImmutableMultiDict[str, str], asked: set[str]) -> Watched:
        watched = cls(form)
        watched.asked = asked
        return watched

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def __getitem__(self, key: str) -> str:
        self.asked.add(key)
        return super().__getitem__(key)

    def getlist(self, key: str, *more: object, **named: object) -> list[str]:
        self.asked.add(key)
        return super().getlist(key, *more, **named)


@dataclass
class Told:
    """What one sending was answered, asked of its form, and wrote."""

    status: int = 0
    led_to: str = ""
    text: str = ""
    asked: set[str] = field(default_factory=set)
    written: list[tuple[str, object]] = field(default_factory=list)

    @property
    def done(self) -> tuple[object, ...]:
        """What must be the same, whatever was sent along."""
        return self.status, self.led_to, self.written


@dataclass
class Sender:
    """Sends forms and looks on; whatever came of it is taken back."""

    stage: Stage
    owner: Connection
    writers: re.Pattern[str] = field(init=False)
    turns: int = 0

    def __post_init__(self) -> None:
        names = "|".join(self.owner.scalars(text(OURS)))
        self.writers = re.compile(rf"\b({names})\(")

    def send_each(self, sent: Sent, *each: dict[str, object]) -> list[Told]:
        """Send these values one after the other, each from the state as it is now."""
        rows = self.owner.execute(text(COUNTERS)).all()
        counters = {"names": [one[0] for one in rows], "lasts": [one[1] for one in rows]}
        self.turns += 1
        told = []
        for values in each:
            told.append(self._send(sent, values))
            self.owner.execute(COUNT_ANEW, counters)
        return told

    def _send(self, sent: Sent, values: dict[str, object]) -> Told:
        told, browser = Told(), self.stage.client(sent.who)
        with (
            self.stage.taken_back(),
            drawn_alike(self.turns),
            watching(self.stage.app, told, self.writers),
        ):
            answer = posted(browser, sent, values)
        told.status = answer.status_code
        told.led_to = DRAWN.sub("*", answer.headers.get("Location", ""))
        told.text = answer.text if answer.mimetype == "text/html" else ""
        return told


@contextmanager
def drawn_alike(turn: int) -> Iterator[None]:
    """While inside, what is drawn by lot is the same for the same turn."""
    lot = random.Random(turn)
    with pytest.MonkeyPatch.context() as patch:
        for way in (lot.getrandbits, lot.random, lot.randbytes):
            patch.setattr(random.SystemRandom, way.__name__, staticmethod(way))
        yield


@contextmanager
def watching(app: Flask, told: Told, writers: re.Pattern[str]) -> Iterator[None]:
    """While inside, what is asked of a form and written to a table of any database is noted."""

    class WatchedRequest(MemoryRequest):
        max_form_parts = None

        def _load_form_data(self) -> None:
            if "form" not in self.__dict__:
                super()._load_form_data()
                self.__dict__["form"] = Watched.over(self.__dict__["form"], told.asked)

    def said(_connection: object, _cursor: object, statement: str, given: object, *_: object):
        if WRITES.search(statement) or writers.search(statement):
            told.written.append((DRAWN.sub("*", statement), plain(given)))

    before, app.request_class = app.request_class, WatchedRequest
    event.listen(Engine, "before_cursor_execute", said)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", said)
        app.request_class = before


def plain(given: object) -> object:
    """What was written, but for what is drawn or sealed anew each time."""
    if isinstance(given, dict):
        return tuple((str(plain(name)), plain(value)) for name, value in sorted(given.items()))
    if isinstance(given, list | tuple):
        return tuple(map(plain, given))
    if isinstance(given, str):
        return DRAWN.sub("*", given)
    if isinstance(given, bytes | bytearray | memoryview | UUID):
        return type(given).__name__
    wrapped = getattr(given, "obj", None)
    return given if wrapped is None else plain(wrapped)
