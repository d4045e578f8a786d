"""Files of rounds read into raw lines: nothing is judged here and no line is dropped."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from union.kernel.errors import UnionError
from union.kernel.money import western_digits
from union.members.rules import cards
from union.members.rules.errors import CardUnreadableError

SHEET_COLUMNS = ("collector", "receipt", "date", "member", "amount")
HANDOVER_COLUMNS = ("collector", "date", "counted", "received_by")
_DAY_FIRST = re.compile(r"(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_CENTURY = 2000
_SHORT_YEAR = 100


class SheetUnreadableError(UnionError):
    """The file has no heading with the columns that are needed, or is no text at all."""

    code = "sheet_unreadable"


class HandOversUnreadableError(UnionError):
    """As SheetUnreadableError, of a list of hand-overs."""

    code = "handovers_unreadable"


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line of a collection sheet as it was written; ``row_no`` counts from the heading as 1."""

    row_no: int
    collector: str
    receipt: str
    day: str
    card: str
    amount: str
    note: str

    @property
    def text(self) -> str:
        """The whole line as it stood, to be kept (encrypted) and shown."""
        cells = (self.collector, self.receipt, self.day, self.card, self.amount, self.note)
        return ",".join(cells)


@dataclass(frozen=True, slots=True)
class HandOverLine:
    """A line of a hand-over list as it was written."""

    row_no: int
    collector: str
    day: str
    counted: str
    received_by: str

    @property
    def text(self) -> str:
        """The whole line as it stood."""
        return f"{self.collector},{self.day},{self.counted},{self.received_by}"


def read_sheet(content: bytes) -> tuple[SheetLine, ...]:
    """The lines of a collection sheet (CSV, any usual separator and encoding).

    Lines with no cell filled are no lines. Missing columns raise SheetUnreadableError.
    """
    return tuple(
        SheetLine(
            row_no,
            cells["collector"],
            cells["receipt"],
            cells["date"],
            cells["member"],
            cells["amount"],
            cells.get("note", ""),
        )
        for row_no, cells in _rows(content, SHEET_COLUMNS, SheetUnreadableError)
    )


def read_handovers(content: bytes) -> tuple[HandOverLine, ...]:
    """The lines of a hand-over list; missing columns raise HandOversUnreadableError."""
    return tuple(
        HandOverLine(
            row_no, cells["collector"], cells["date"], cells["counted"], cells["received_by"]
        )
        for row_no, cells in _rows(content, HANDOVER_COLUMNS, HandOversUnreadableError)
    )


def read_day(text: str) -> date | None:
    """A day as written in India (day first) or year first, in any digits; None if no such day."""
    bare = western_digits(text).strip()
    found = _YEAR_FIRST.fullmatch(bare)
    if found is not None:
        year, month, day = (int(part) for part in found.groups())
    else:
        found = _DAY_FIRST.fullmatch(bare)
        if found is None:
            return None
        day, month, year = (int(part) for part in found.groups())
    if year < _SHORT_YEAR:
        year += _CENTURY
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_card(text: str) -> str:
    """A card number in the union's own spelling ("ka-54" is "KA/00054"); else as it was written."""
    try:
        return cards.read_card(text)
    except CardUnreadableError:
        return text.strip().upper()


def read_collector(text: str) -> str:
    """Whose round it was, by her card number; "" if no card number stands there."""
    try:
        return cards.read_card(text)
    except CardUnreadableError:
        return ""


def read_receipt(text: str) -> int | None:
    """A receipt's number; None for what is no number."""
    bare = western_digits(text).strip()
    return int(bare) if re.fullmatch(r"\d{1,9}", bare) else None


def _rows(
    content: bytes, wanted: Iterable[str], unreadable: type[UnionError]
) -> Iterable[tuple[int, Mapping[str, str]]]:
    heading: list[str] = []
    for row_no, cells in enumerate(_table(content, unreadable), start=1):
        if not any(cell.strip() for cell in cells):
            continue
        if not heading:
            heading = [cell.strip().lower() for cell in cells]
            if not set(wanted) <= set(heading):
                raise unreadable
            continue
        padded = [cell.strip() for cell in cells] + [""] * (len(heading) - len(cells))
        yield row_no, dict(zip(heading, padded, strict=False))
    if not heading:
        raise unreadable


def _table(content: bytes, unreadable: type[UnionError]) -> list[list[str]]:
    text = io.StringIO(_decode(content).replace("\0", ""), newline="")
    try:
        return list(csv.reader(text, delimiter=_separator(content)))
    except csv.Error as error:
        raise unreadable from error


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _separator(content: bytes) -> str:
    heading = content.split(b"\n", 1)[0]
    return max(",;\t", key=lambda sign: heading.count(sign.encode()))
