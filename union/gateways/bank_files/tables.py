"""Statements out of tables: the bank's preamble and farewell are told from its lines.

Owns how days, amounts and sides are written in India. A row that looks like a line and cannot be
read is named, never dropped: what was dropped in silence would be found by nobody.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from union.gateways.bank_files.layout import Layout
from union.gateways.bank_files.plain import FileKind, PlainLine, PlainStatement, RowProblem
from union.kernel.money import western_digits

_DAYS = (
    "%d/%m/%Y",
    "%d/%m/%y",
    "%d-%m-%Y",
    "%d-%m-%y",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %b %y",
    "%Y-%m-%d",
    "%Y/%m/%d",
)
_TIME_BEHIND = re.compile(r"[ T]+\d{1,2}:\d{2}(:\d{2})?( ?[AP]M)?$", re.IGNORECASE)
_SIDE = re.compile(r"\(?(?<![a-z])(cr|dr|credit|debit|c|d)(?![a-z])\.?\)?", re.IGNORECASE)
_DRESS = re.compile(r"(₹|inr|rs\.?)", re.IGNORECASE)
_LIKE_A_DAY = re.compile(r"\d{1,4}[-/. ]\w{1,9}[-/. ]\d{2,4}")
_ACCOUNT = re.compile(r"(?:account|a/c)\s*(?:no|number|num)\b\.?", re.IGNORECASE)
_NUMBER = re.compile(r"\d{9,18}")
_OPENING = re.compile(r"\b(opening bal(ance)?|brought forward|b/f)\b", re.IGNORECASE)
_CLOSING = re.compile(r"\b(closing bal(ance)?|carried forward|c/f)\b", re.IGNORECASE)
_FAREWELL = re.compile(
    r"^\W*(grand )?(total|sub ?total|summary|statement|page|closing|opening|this is|note|legend"
    r"|generated|end of|computer)",
    re.IGNORECASE,
)
_MINOR = 100
_FURTHEST = 3


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: Sequence[str]
    layout: Layout

    def cell(self, field: str) -> str:
        index = self.layout.index(field)
        return self.cells[index].strip() if index is not None and index < len(self.cells) else ""


def read_table(rows: Sequence[Sequence[str]], kind: FileKind, layout: Layout) -> PlainStatement:
    """The statement that stands in a table laid out so."""
    before, after = rows[: layout.heading_row], rows[layout.heading_row + 1 :]
    lines, problems = _lines(after, layout)
    lines = _oldest_first(lines)
    opening = _said_balance(before, _OPENING) or _said_balance(after, _OPENING)
    closing = _said_balance(after[::-1], _CLOSING) or _said_balance(before, _CLOSING)
    if lines and lines[0].balance_minor is not None:
        opening = lines[0].balance_minor - lines[0].amount_minor
    if lines and lines[-1].balance_minor is not None:
        closing = lines[-1].balance_minor
    return PlainStatement(
        kind=kind,
        account_number=_account_number(before),
        period_from=lines[0].booked_on if lines else None,
        period_to=lines[-1].booked_on if lines else None,
        opening_minor=opening,
        closing_minor=closing,
        lines=tuple(lines),
        problems=tuple(problems),
    )


def read_day(text: str) -> date | None:
    """A day as Indian banks write it, day first, perhaps with a time behind it; None if none."""
    bare = _TIME_BEHIND.sub("", " ".join(western_digits(text).split()))
    for written in _DAYS:
        try:
            return date(*time.strptime(bare, written)[:3])
        except ValueError:
            continue
    return None


def read_money(text: str) -> int | None:
    """Paise out of "1,23,456.00", "20.00 Cr", "(59.00)" or "-59"; None if there is no figure.

    Debit is negative. A cell with letters among its figures is no amount.
    """
    side = _SIDE.search(text)
    bare = _DRESS.sub("", _SIDE.sub("", western_digits(text))).replace(",", "").replace(" ", "")
    if bare.startswith("(") and bare.endswith(")"):
        bare = f"-{bare[1:-1]}"
    try:
        paise = Decimal(bare) * _MINOR
    except InvalidOperation:
        return None
    if not paise.is_finite() or paise != paise.to_integral_value():
        return None
    amount = int(paise)
    return -abs(amount) if side is not None and side[1].lower().startswith("d") else amount


def _lines(
    rows: Sequence[Sequence[str]], layout: Layout
) -> tuple[list[PlainLine], list[RowProblem]]:
    lines: list[PlainLine] = []
    problems: list[RowProblem] = []
    ended = False
    for offset, cells in enumerate(rows):
        row = _Row(layout.heading_row + 2 + offset, cells, layout)
        if not any(cell.strip() for cell in cells) or _is_farewell(row):
            ended = ended or bool(lines)
            continue
        read = _line(row)
        if isinstance(read, PlainLine):
            lines.append(read)
            ended = False
        elif isinstance(read, RowProblem):
            if not ended or _LIKE_A_DAY.search(row.cell("date")):
                problems.append(read)
        elif lines and not ended and row.cell("narration"):
            more = f"{lines[-1].narration} {row.cell('narration')}".strip()
            lines[-1] = replace(lines[-1], narration=more)
    return lines, problems


def _line(row: _Row) -> PlainLine | RowProblem | None:
    """A line, a row that ought to be one, or None for what stands between the lines."""
    day, amount = read_day(row.cell("date")), _amount(row)
    if day is None:
        lost = row.cell("date") and amount not in {None, 0}
        return RowProblem(row.number, "date") if lost else None
    if amount is None:
        written = any(row.cell(field).strip(" -") for field in ("debit", "credit", "amount"))
        return RowProblem(row.number, "amount") if written else None
    if amount == 0:
        return None
    return PlainLine(
        row_no=row.number,
        booked_on=day,
        value_on=read_day(row.cell("value_date")),
        amount_minor=amount,
        narration=" ".join(row.cell("narration").split()),
        reference=_reference(row.cell("reference")),
        balance_minor=read_money(row.cell("balance")),
    )


def _amount(row: _Row) -> int | None:
    if row.layout.index("amount") is not None:
        amount = read_money(row.cell("amount"))
        side = row.cell("side").lower()
        if amount is None or not side:
            return amount
        return -abs(amount) if side.startswith("d") else abs(amount)
    out, came = read_money(row.cell("debit")), read_money(row.cell("credit"))
    unread = [
        field
        for field, read in (("debit", out), ("credit", came))
        if read is None and row.cell(field).strip(" -")
    ]
    if unread or (out is None and came is None):
        return None
    return abs(came or 0) - abs(out or 0)


def _reference(text: str) -> str | None:
    bare = text.strip(" -'`")
    return bare if any(sign.isalnum() for sign in bare) and bare.strip("0") else None


def _is_farewell(row: _Row) -> bool:
    return not read_day(row.cell("date")) and any(
        _FAREWELL.match(cell) for cell in row.cells[:_FURTHEST] if cell
    )


def _oldest_first(lines: list[PlainLine]) -> list[PlainLine]:
    """Some banks print the newest first: the running balance tells, or else the days."""
    pairs = list(pairwise(lines))
    down = sum(_follows(later, earlier) for later, earlier in pairs)
    up = sum(_follows(later, earlier) for earlier, later in pairs)
    if down == up:
        down = sum(first.booked_on > second.booked_on for first, second in pairs)
        up = sum(first.booked_on < second.booked_on for first, second in pairs)
    return lines[::-1] if down > up else lines


def _follows(later: PlainLine, earlier: PlainLine) -> bool:
    if later.balance_minor is None or earlier.balance_minor is None:
        return False
    return later.balance_minor - later.amount_minor == earlier.balance_minor


def _said_balance(rows: Sequence[Sequence[str]], words: re.Pattern[str]) -> int | None:
    """A balance the bank says in words: behind them, beside them, or below them."""
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if not words.search(cell):
                continue
            below = rows[number + 1][column : column + 1] if number + 1 < len(rows) else []
            for near in (*_behind(words, cell), *row[column + 1 :], *below):
                amount = read_money(near) if any(sign.isdigit() for sign in near) else None
                if amount is not None:
                    return amount
    return None


def _behind(words: re.Pattern[str], cell: str) -> Iterator[str]:
    yield words.split(cell, maxsplit=1)[-1].strip(" :-")


def _account_number(rows: Sequence[Sequence[str]]) -> str | None:
    for row in rows:
        for column, cell in enumerate(row):
            said = _ACCOUNT.search(cell)
            if said is None:
                continue
            for near in (cell[said.end() :], *row[column + 1 :]):
                number = _NUMBER.search(near.replace(" ", ""))
                if number is not None:
                    return number[0]
    return None
