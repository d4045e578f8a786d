"""Which column of a bank's table means what: guessed from its headings, or as a person said.

Every bank writes its own headings, above them a page of its own words, below them a farewell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FIELDS = (
    "date",
    "narration",
    "reference",
    "value_date",
    "debit",
    "credit",
    "amount",
    "side",
    "balance",
)
"""What a column may mean. ``side`` says Dr or Cr of ``amount``; else there are two columns."""

_SEARCHED = 120
_FEWEST = 3
_FIGURE = re.compile(r"\d")
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "date": (
        "txn date",
        "transaction date",
        "tran date",
        "trans date",
        "post date",
        "posting date",
        "date",
        "booking date",
        "value date",
    ),
    "value_date": ("value date", "value dt", "val date", "value dt."),
    "narration": (
        "description",
        "narration",
        "particulars",
        "transaction remarks",
        "remarks",
        "transaction details",
        "details",
        "transaction particulars",
    ),
    "reference": (
        "ref no./cheque no.",
        "chq./ref.no.",
        "chq / ref number",
        "chq/ref no",
        "chq/ref number",
        "ref no",
        "reference no",
        "reference",
        "transaction id",
        "tran id",
        "utr",
        "utr number",
        "cheque number",
        "cheque no",
        "chqno",
        "chq no",
        "instrument id",
        "inst no",
    ),
    "debit": (
        "debit",
        "debits",
        "debit amount",
        "withdrawal amt",
        "withdrawal amount",
        "withdrawals",
        "withdrawal",
        "dr",
        "dr amount",
        "paid out",
    ),
    "credit": (
        "credit",
        "credits",
        "credit amount",
        "deposit amt",
        "deposit amount",
        "deposits",
        "deposit",
        "cr",
        "cr amount",
        "paid in",
    ),
    "amount": ("amount", "transaction amount", "txn amount", "amt"),
    "side": ("dr / cr", "dr/cr", "cr/dr", "cr / dr", "debit/credit", "type", "drcr", "txn type"),
    "balance": ("balance", "closing balance", "bal", "running balance", "available balance"),
}
_BRACKETS = re.compile(r"\s*\((?:inr|rs\.?|₹|in rs\.?|in inr)\s*\)\s*$")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table begins (``heading_row`` counts from 0) and which heading each field has."""

    heading_row: int
    headings: tuple[str, ...]
    columns: Mapping[str, str]

    @property
    def complete(self) -> bool:
        """Whether a line can be read: a day, a text, and an amount with its side."""
        has = self.columns.keys()
        sides = {"debit", "credit"} <= has or "amount" in has
        return {"date", "narration"} <= has and sides

    def index(self, field: str) -> int | None:
        """The column of a field, or None if the table has none."""
        heading = self.columns.get(field)
        return None if heading is None else self.headings.index(heading)


def guess_layout(rows: Sequence[Sequence[str]]) -> Layout | None:
    """The layout whose heading row names most fields.

    If none names enough, the first row of three words or more, for a person to say what they
    mean; None if there is no such row.
    """
    best: Layout | None = None
    for number, row in enumerate(rows[:_SEARCHED]):
        headings = name_headings(row)
        columns = _guess_columns(headings)
        if len(columns) > len(best.columns if best else ()):
            best = Layout(number, headings, columns)
    if best is not None and len(best.columns) >= _FEWEST:
        return best
    return next(
        (
            Layout(number, name_headings(row), {})
            for number, row in enumerate(rows[:_SEARCHED])
            if sum(bool(cell) and not _FIGURE.search(cell) for cell in row) >= _FEWEST
        ),
        None,
    )


def chosen_layout(rows: Sequence[Sequence[str]], columns: Mapping[str, str]) -> Layout | None:
    """The layout a person chose, found again by its headings; None if they are not in this file."""
    wanted = set(columns.values())
    for number, row in enumerate(rows[:_SEARCHED]):
        headings = name_headings(row)
        if wanted <= set(headings):
            return Layout(number, headings, dict(columns))
    return None


def name_headings(row: Sequence[str]) -> tuple[str, ...]:
    """Headings as a person chooses among them; a second one of the same words is numbered."""
    seen: dict[str, int] = {}
    named = []
    for cell in row:
        heading = " ".join(cell.split())
        seen[heading] = seen.get(heading, 0) + 1
        again = seen[heading] > 1 and heading
        named.append(f"{heading} ({seen[heading]})" if again else heading)
    return tuple(named)


def _guess_columns(headings: Sequence[str]) -> dict[str, str]:
    folded = {_fold(heading): heading for heading in reversed(headings) if heading}
    columns: dict[str, str] = {}
    for field, known in _HEADINGS.items():
        found = next((folded[_fold(name)] for name in known if _fold(name) in folded), None)
        if found is not None:
            columns[field] = found
    if columns.get("value_date") == columns.get("date"):
        columns.pop("value_date", None)
    if {"debit", "credit"} <= columns.keys():
        columns.pop("amount", None)
        columns.pop("side", None)
    return columns


def _fold(heading: str) -> str:
    plain = _BRACKETS.sub("", heading.lower().replace("₹", "").strip(" :*"))
    return plain.rstrip(".: ").strip()
