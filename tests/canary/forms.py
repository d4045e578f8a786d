"""What a page offers: its links, and its forms with what stands in them, as a browser would send.

Reads HTML with the standard library; must never know a page of ours by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

NOT_SENT = frozenset({"submit", "button", "reset", "image"})
TICKED = frozenset({"checkbox", "radio"})


@dataclass
class Field:
    """One thing to fill in: its kind, what stands in it, and what may be chosen."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form: where it goes, how, its fields in order and its buttons that say something."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def shape(self) -> tuple[str, ...]:
        """What makes two forms alike, whatever stands in them."""
        return tuple(one.name for one in self.fields)


@dataclass
class Offered:
    """All links and forms of a page."""

    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)


def read_page(text: str) -> Offered:
    """What a page offers."""
    reader = _Reader()
    reader.feed(text)
    return reader.offered


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.offered = Offered()
        self._form: Form | None = None
        self._select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and said.get("href"):
            self.offered.links.append(said["href"])
        elif tag == "form":
            self._form = Form(said.get("action", ""), said.get("method", "get").lower())
            self.offered.forms.append(self._form)
        elif self._form is not None:
            self._inside(self._form, tag, said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None

    def _inside(self, form: Form, tag: str, said: Mapping[str, str]) -> None:
        if tag == "option" and self._select is not None:
            self._select.choices.append(said.get("value", ""))
        name = said.get("name", "")
        if not name:
            return
        if tag == "input" and said.get("type", "text") not in NOT_SENT:
            self._input(form, said)
        elif tag == "textarea":
            form.fields.append(Field(name, "textarea"))
        elif tag == "select":
            self._select = Field(name, "select")
            form.fields.append(self._select)
        elif tag in {"button", "input"}:
            form.buttons.append((name, said.get("value", "")))

    @staticmethod
    def _input(form: Form, said: Mapping[str, str]) -> None:
        kind, name, value = said.get("type", "text"), said["name"], said.get("value", "")
        alike = next((one for one in form.fields if one.name == name and one.kind == kind), None)
        if kind in TICKED and alike is not None:
            alike.choices.append(value or "on")
        elif kind in TICKED:
            form.fields.append(Field(name, kind, choices=[value or "on"]))
        else:
            form.fields.append(Field(name, kind, value))
