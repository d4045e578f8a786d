"""What another book or a corrected file changes about a member we have: by rule, and all listed.

Nothing is overwritten silently. What was empty is filled; what the book's own note explains
("new number", "shifted", "fee reduced") or what was corrected since the last reading of the
same book is changed; every other difference is left for a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from union.members.rules.cells import plain
from union.members.rules.findings import Finding
from union.members.rules.reading import RowReading

_NEW_NUMBER = re.compile(r"\bnew (number|no|mobile|phone|sim)\b")
_SHIFTED = re.compile(r"\b(shifted|moved|transferred)\b")
_FEE_CHANGED = re.compile(r"\bfee (reduced|changed|raised|waived)\b")

TEXTS = ("called", "place", "nominee", "remarks")


@dataclass(frozen=True, slots=True)
class Present:
    """A member as the register has her now; dates only as exact as known, fee in minor units.

    ``has_name``: whether a legal name lies sealed, which nobody here can read or compare.
    """

    called: str | None = None
    place: str | None = None
    nominee: str | None = None
    remarks: str | None = None
    born: str | None = None
    joined: str | None = None
    category: str | None = None
    district: str | None = None
    fee_minor: int | None = None
    phones: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()
    status: str = "active"
    has_name: bool = False
    has_wish: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """The fields of the row that are to be taken over, and what is said about the row."""

    fields: frozenset[str]
    findings: tuple[Finding, ...]


def compare(
    row: RowReading,
    present: Present,
    earlier: RowReading | None = None,
    *,
    renamed: bool = False,
) -> Update:
    """Which fields of ``row`` to take over; ``earlier`` is her row in the same book before.

    ``renamed``: the legal name, which cannot be compared here, was written otherwise before.
    """
    plan = _Plan(row, present, earlier)
    for text in TEXTS:
        plan.text(text)
    plan.name(renamed=renamed)
    plan.date("born")
    plan.date("joined")
    plan.plain("category", row.category, present.category)
    plan.noted("district", row.district, present.district, _SHIFTED)
    plan.noted("fee", row.fee_minor, present.fee_minor, _FEE_CHANGED)
    plan.phones()
    plan.fill("languages", row.languages, present.languages)
    plan.fill("wish", row.wish is not None and row.wish.asked, present.has_wish)
    plan.status()
    if not plan.fields and not plan.findings:
        plan.findings.append(Finding("nothing_new"))
    return Update(frozenset(plan.fields), tuple(plan.findings))


class _Plan:
    """The comparison under way: one method per kind of field."""

    def __init__(self, row: RowReading, present: Present, earlier: RowReading | None) -> None:
        self.row, self.present, self.earlier = row, present, earlier
        self.note = plain(row.remarks or "").casefold()
        self.fields: set[str] = set()
        self.findings: list[Finding] = []

    def take(self, name: str, code: str) -> None:
        self.fields.add(name)
        self.findings.append(Finding(code, name))

    def fill(self, name: str, new: object, old: object) -> None:
        if new and not old:
            self.take(name, "field_filled")

    def corrected(self, read: Callable[[RowReading], object]) -> bool:
        return self.earlier is not None and read(self.earlier) != read(self.row)

    def plain(self, name: str, new: object | None, old: object | None) -> None:
        if new is None or new == old:
            return
        if old is None:
            self.take(name, "field_filled")
        elif self.corrected(lambda row: getattr(row, name)):
            self.take(name, "field_corrected")
        else:
            self.findings.append(Finding(f"{name}_differs", name))

    def text(self, name: str) -> None:
        new, old = getattr(self.row, name), getattr(self.present, name)
        if name == "remarks" and old is not None and not self.corrected(lambda row: row.remarks):
            return
        self.plain(name, new, old)

    def name(self, *, renamed: bool) -> None:
        if self.row.name and not self.present.has_name:
            self.take("name", "field_filled")
        elif self.row.name and renamed:
            self.take("name", "field_corrected")

    def date(self, name: str) -> None:
        reading = getattr(self.row, name)
        new, old = (reading.written() if reading else None), getattr(self.present, name)
        if new is None or (old or "").startswith(new):
            return
        if old is not None and new.startswith(old):
            self.take(name, "field_filled")
            return
        self.plain(name, new, old)

    def noted(
        self, name: str, new: object | None, old: object | None, note: re.Pattern[str]
    ) -> None:
        if new is None or new == old:
            return
        field = "fee_minor" if name == "fee" else name
        if old is None:
            self.take(name, "field_filled")
        elif self.corrected(lambda row: getattr(row, field)):
            self.take(name, "field_corrected")
        elif note.search(self.note):
            self.take(name, f"{name}_changed")
        else:
            self.findings.append(Finding(f"{name}_differs", name))

    def phones(self) -> None:
        new = {phone.e164 for phone in self.row.phones} - self.present.phones
        if not new:
            return
        if not self.present.phones:
            self.take("phones", "field_filled")
        elif _NEW_NUMBER.search(self.note):
            self.take("phones", "phone_new")
        elif self.corrected(lambda row: row.phones):
            self.take("phones", "field_corrected")
        else:
            self.findings.append(Finding("phone_differs", "phone"))

    def status(self) -> None:
        new = self.row.standing.status
        if new != "active" and self.present.status == "active":
            self.take("status", "status_changed")


def settled(row: RowReading, update: Update) -> RowReading:
    """The row with only what still matters said about it: its own doubts and the comparison's.

    A card or date that is missing in a second book is no doubt about a member we have.
    """
    kept = tuple(f for f in row.findings if not f.code.endswith(("_missing", "_unknown")))
    return replace(row, findings=(*kept, *update.findings))


def fee_from(today: date) -> date:
    """From when a fee changed by a later book counts: the month it was read in."""
    return today.replace(day=1)
