"""A file as a book: its bytes as text, its rows by line, its columns by what they mean.

Rows are every line of the table after its heading that has at least one separator or
letter; wholly empty lines are not rows. Nothing is judged here and no row is dropped.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from union.members.rules.cells import plain
from union.members.rules.errors import BookUnreadableError, ColumnsMissingError

FIELDS = (
    "serial",
    "card",
    "called",
    "name",
    "category",
    "phone",
    "other_phone",
    "district",
    "place",
    "born",
    "joined",
    "fee",
    "paid_upto",
    "languages",
    "wish",
    "nominee",
    "remarks",
)

_KNOWN_HEADINGS = {
    "serial": ("sl", "sl no", "s no", "sno", "serial", "no"),
    "card": ("id card no", "card", "card no", "id card", "id no", "membership no"),
    "called": ("called", "nick name", "nickname", "known as", "alias"),
    "name": ("name in register", "name", "full name", "member name", "legal name"),
    "category": ("w t m", "category", "gender", "sex"),
    "phone": ("mobile", "phone", "mobile no", "phone no", "contact", "contact no", "telephone"),
    "other_phone": ("other mobile", "second mobile", "alternate mobile", "mobile 2", "phone 2"),
    "district": ("district", "dist", "branch"),
    "place": ("place", "area", "site", "address"),
    "born": ("born", "date of birth", "dob", "birth"),
    "joined": ("joined on", "joined", "date of joining", "doj", "joining date"),
    "fee": ("fee per month", "monthly", "fee", "monthly fee", "subscription"),
    "paid_upto": ("paid upto", "paid up to", "paid till", "paid until"),
    "languages": ("speaks", "languages", "language"),
    "wish": ("when may we call", "call time", "contact wish", "when to call"),
    "nominee": ("nominee", "nominee name"),
    "remarks": ("remarks", "remark", "note", "notes"),
}
_DELIMITERS = ",;\t|"
_ENCODINGS = ("utf-8-sig", "cp1252")
_LOOK_FOR_HEADING = 12
_FEWEST_HEADINGS = 2


@dataclass(frozen=True, slots=True)
class Columns:
    """How a book is laid out: which heading each field has, and what parts the cells."""

    headings: Mapping[str, str]
    delimiter: str = ","

    def as_dict(self) -> dict[str, object]:
        """As it is saved."""
        return {"headings": dict(self.headings), "delimiter": self.delimiter}

    @classmethod
    def from_dict(cls, saved: Mapping[str, object]) -> Columns:
        """As it was saved."""
        headings = saved["headings"]
        if not isinstance(headings, Mapping):
            raise ColumnsMissingError
        return cls({str(k): str(v) for k, v in headings.items()}, str(saved["delimiter"]))


@dataclass(frozen=True, slots=True)
class BookRow:
    """A row as it stands: ``line`` counts table lines in the file, the heading's being 1."""

    line: int
    cells: Mapping[str, str]
    raw: tuple[str, ...] = field(repr=False)

    @property
    def text(self) -> str:
        """The whole row, for knowing it again."""
        return "\x1f".join(self.raw)


@dataclass(frozen=True, slots=True)
class Book:
    """A file read as a table."""

    columns: Columns
    heading: tuple[str, ...]
    rows: tuple[BookRow, ...]

    def place_of(self, name: str) -> int | None:
        """Which cell of a row holds this field; None if no column does."""
        return _positions(self.heading, self.columns).get(name)


def heading_of(content: bytes) -> tuple[tuple[str, ...], str]:
    """The first line of a file that says anything, as headings, and what parts its cells."""
    text = decode(content)
    delimiter = _guess_delimiter(text)
    for _line, row in _table(text, delimiter):
        if plain("".join(row)):
            return row, delimiter
    raise BookUnreadableError


def decode(content: bytes) -> str:
    """The text of a file in whichever encoding it was saved; BookUnreadableError if in none."""
    if content.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise BookUnreadableError
    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf_16 else _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise BookUnreadableError


def read_book(content: bytes, columns: Columns | None = None) -> Book:
    """Read a file; without ``columns`` they are guessed from the heading.

    BookUnreadableError if it is no table, ColumnsMissingError if no column of names or cards
    is understood.
    """
    text = decode(content)
    delimiter = columns.delimiter if columns else _guess_delimiter(text)
    table = list(_table(text, delimiter))
    start, heading = _find_heading(table, columns)
    found = columns or Columns(guess_headings(heading), delimiter)
    positions = _positions(heading, found)
    if not positions.keys() & {"name", "called", "card"}:
        raise ColumnsMissingError
    rows = tuple(
        BookRow(line, _cells(raw, positions), raw)
        for line, raw in table[start + 1 :]
        if len(raw) > 1 or plain("".join(raw))
    )
    return Book(found, heading, rows)


def fold_heading(heading: str) -> str:
    """A heading for comparison: small letters and figures, single spaces."""
    return re.sub(r"[\W_]+", " ", plain(heading).casefold()).strip()


def guess_headings(heading: Sequence[str]) -> dict[str, str]:
    """Which heading each field has, as far as its words are known."""
    folded = {fold_heading(cell): cell for cell in reversed(heading)}
    found: dict[str, str] = {}
    for name, ways in _KNOWN_HEADINGS.items():
        for way in ways:
            if way in folded and folded[way] not in found.values():
                found[name] = folded[way]
                break
    return found


def _table(text: str, delimiter: str) -> list[tuple[int, tuple[str, ...]]]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False))
    except csv.Error as error:
        raise BookUnreadableError from error
    return [(line, tuple(row)) for line, row in enumerate(rows, start=1) if row]


def _guess_delimiter(text: str) -> str:
    for line in text.splitlines():
        if line.strip():
            return max(_DELIMITERS, key=line.count)
    raise BookUnreadableError


def _find_heading(
    table: Sequence[tuple[int, tuple[str, ...]]], columns: Columns | None
) -> tuple[int, tuple[str, ...]]:
    for index, (_line, row) in enumerate(table[:_LOOK_FOR_HEADING]):
        if columns is None:
            hits = len(guess_headings(row))
        else:
            wanted = {fold_heading(heading) for heading in columns.headings.values()}
            hits = len(wanted & {fold_heading(cell) for cell in row})
        if hits >= _FEWEST_HEADINGS:
            return index, row
    raise ColumnsMissingError


def cells_of(raw: Sequence[str], heading: Sequence[str], columns: Columns) -> dict[str, str]:
    """The cells of a row by what they mean."""
    return _cells(raw, _positions(heading, columns))


def _positions(heading: Sequence[str], columns: Columns) -> dict[str, int]:
    folded = [fold_heading(cell) for cell in heading]
    return {
        name: folded.index(fold_heading(wanted))
        for name, wanted in columns.headings.items()
        if name in FIELDS and fold_heading(wanted) in folded
    }


def _cells(raw: Sequence[str], positions: Mapping[str, int]) -> dict[str, str]:
    return {name: raw[at] for name, at in positions.items() if at < len(raw)}
