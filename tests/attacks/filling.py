"""What somebody would write into a form that she sees, and how it is sent."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping
from dataclasses import dataclass

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders.bank import make_csv
from tests.builders.papers import png
from tests.canary.forms import TICKED, Field, Form
from union.kernel.actor import Actor

PLACEHOLDERS = {
    "date": "2026-10-12",
    "time": "10:30",
    "month": "2026-10",
    "number": "3",
    "datetime-local": "2026-10-20T10:30",
}
NUMBERS = ("amount", "rupees", "fee", "people", "days", "paise")
PHONES = ("phone", "number", "mobile")
CARD = "KA/77001"
"""Of a member everybody may look for."""
CARDS = ("card", "whose", "payee")
FILES = {
    "bank": (make_csv(("05/10/2026", "a few words", 50_000)), "a.csv"),
    "intake": (b"card,name,phone,district\nKA/90001,Rani,5845000123,Bidar\n", "a.csv"),
}
FILE = object()
"""Stands for a file until it is sent."""


@dataclass(frozen=True)
class Sent:
    """A form ready to be sent: where to, by whom, and its fields."""

    endpoint: str
    address: str
    who: Actor
    form: Form

    @property
    def names(self) -> frozenset[str]:
        """Every name the form has of its own, its buttons' too."""
        return frozenset(self.form.shape) | {name for name, _value in self.form.buttons}

    @property
    def shape(self) -> tuple[str, ...]:
        """What makes two alike, whatever stands in them."""
        return (self.endpoint, *sorted(self.names))


def filled(form: Form, words: str = "a few words", seed: int = 0) -> dict[str, object]:
    """What somebody would send: words where she may write, and one of what may be chosen."""
    draw = random.Random(f"{seed}:{form.shape}")
    sent: dict[str, object] = {}
    for one in form.fields:
        value = _value(one, words, draw)
        if value is not None:
            sent[one.name] = value
    if form.buttons:
        name, value = draw.choice(form.buttons)
        sent[name] = value
    return sent


def posted(browser: FlaskClient, sent: Sent, values: Mapping[str, object]) -> TestResponse:
    """Send it as a browser does; a file is made anew, for sending reads it to its end."""
    part = sent.endpoint.partition(".")[0]
    data = {name: _file(part) if one is FILE else one for name, one in values.items()}
    answer = browser.post(sent.address, data=data)
    answer.get_data()
    return answer


def _file(part: str) -> tuple[io.BytesIO, str]:
    """A file as that part of the house takes one."""
    content, name = FILES.get(part, (png(), "a.png"))
    return io.BytesIO(content), name


def _value(one: Field, words: str, draw: random.Random) -> object:
    if one.kind in TICKED or one.kind == "select":
        said = [value for value in one.choices if value]
        return draw.choice(said) if said else None
    if one.kind in PLACEHOLDERS:
        return one.value or PLACEHOLDERS[one.kind]
    if one.kind in {"file", "hidden"}:
        return FILE if one.kind == "file" else one.value
    if one.kind == "tel" or any(part in one.name for part in PHONES):
        return "5845000123"
    if any(part in one.name for part in CARDS):
        return CARD
    return "3" if any(part in one.name for part in NUMBERS) else words
