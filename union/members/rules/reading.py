"""One row of a register read into plain values, with everything that was found in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from union.kernel.periods import Month
from union.kernel.phone import PhoneReading
from union.members.rules.books import Book, BookRow, fold_heading
from union.members.rules.cells import is_ditto, is_formula, plain
from union.members.rules.columns import (
    card_of,
    category_of,
    dates_of,
    district_of,
    fee_of,
    may_be_minor,
    paid_upto_of,
    phones_of,
    wish_of,
)
from union.members.rules.dates import DateReading
from union.members.rules.districts import District, names_of
from union.members.rules.findings import Finding
from union.members.rules.people import RemarkReading, read_languages, read_remark
from union.members.rules.wishes import WishReading

_TOTAL = re.compile(r"\b(page|grand|sub|carried|brought)\b.*\b(total|over|forward)\b|^total\b")
_ACTIVE = RemarkReading()


@dataclass(frozen=True, slots=True)
class Setting:
    """What a row is read against: the civil day, and the districts of the union."""

    today: date
    districts: Sequence[District]


@dataclass(frozen=True, slots=True)
class RowReading:
    """A row in plain values; what could not be read is None, and a finding says so.

    ``fee_minor`` is per month in minor units. ``paid_upto`` None: nobody can say.
    """

    line: int
    serial: str | None = None
    card: str | None = None
    called: str | None = None
    name: str | None = None
    category: str | None = None
    phones: tuple[PhoneReading, ...] = ()
    district: str | None = None
    place: str | None = None
    born: DateReading | None = None
    joined: DateReading | None = None
    fee_minor: int | None = None
    paid_upto: Month | None = None
    languages: tuple[str, ...] = ()
    wish: WishReading | None = None
    nominee: str | None = None
    remarks: str | None = None
    standing: RemarkReading = _ACTIVE
    findings: tuple[Finding, ...] = ()

    def finding(self, *found: Finding) -> RowReading:
        """The same row with more found in it."""
        return replace(self, findings=(*self.findings, *found))

    def has(self, code: str) -> bool:
        """Whether this was found."""
        return any(finding.code == code for finding in self.findings)


def read_rows(book: Book, setting: Setting) -> Iterator[tuple[BookRow, RowReading]]:
    """Every row of a book, read; ditto marks take what stands above them."""
    heading = {fold_heading(cell) for cell in book.heading} - {""}
    names = names_of(setting.districts)
    above: Mapping[str, str] = {}
    for row in book.rows:
        nobody = _not_a_person(row, heading)
        if nobody is not None:
            yield row, RowReading(row.line, findings=(Finding(nobody),))
            continue
        cells = {
            name: above.get(name, "") if is_ditto(text) else text
            for name, text in row.cells.items()
        }
        reading = _read(row.line, cells, setting, names)
        if any(is_ditto(text) for text in row.cells.values()):
            reading = reading.finding(Finding("ditto_read"))
        above = cells
        yield row, reading


def _not_a_person(row: BookRow, heading: set[str]) -> str | None:
    texts = [plain(cell) for cell in row.raw if plain(cell)]
    if not texts:
        return "blank_row"
    if all(is_ditto(text) for text in texts):
        return "ditto_only"
    if {fold_heading(text) for text in texts} <= heading:
        return "repeated_header"
    named = any(plain(row.cells.get(name, "")) for name in ("name", "called", "card"))
    if not named and any(_TOTAL.search(text.casefold()) for text in texts):
        return "page_total"
    return None


def _read(
    line: int, cells: Mapping[str, str], setting: Setting, names: Mapping[str, str]
) -> RowReading:
    """Read the cells of one person, column after column."""
    found: list[Finding] = []
    known = {name: plain(text) for name, text in cells.items()}
    for column, text in known.items():
        if is_formula(text) and column not in {"phone", "other_phone"}:
            found.append(Finding("formula_kept", column))
    remark = read_remark(known.get("remarks", ""), setting.today)
    born, joined = dates_of(known, setting.today, found)
    languages, unknown = read_languages(known.get("languages", ""))
    if unknown:
        found.append(Finding("language_unknown", "languages"))
    reading = RowReading(
        line=line,
        serial=known.get("serial") or None,
        card=card_of(known, found),
        called=known.get("called") or None,
        name=known.get("name") or None,
        category=category_of(known, found),
        phones=phones_of(known, found),
        district=district_of(known, setting.districts, names, found),
        place=known.get("place") or None,
        born=born,
        joined=joined,
        fee_minor=fee_of(known, found),
        paid_upto=paid_upto_of(known, setting.today, found),
        languages=languages,
        wish=wish_of(known, found),
        nominee=known.get("nominee") or None,
        remarks=known.get("remarks") or None,
        standing=remark,
    )
    _judge_person(reading, setting.today, found)
    return replace(reading, findings=tuple(found))


def _judge_person(reading: RowReading, today: date, found: list[Finding]) -> None:
    if not (reading.card or reading.name or reading.called):
        found.append(Finding("no_name_no_card"))
    if reading.standing.minor or may_be_minor(reading.born, today):
        found.append(Finding("under_age", "born"))
    if reading.standing.away:
        found.append(Finding("away", "remarks"))
    if reading.standing.status != "active":
        found.append(Finding(f"status_{reading.standing.status}", "remarks"))
