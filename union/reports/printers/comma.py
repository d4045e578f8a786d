"""A sheet as CSV: figures with two decimals, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO

from union.kernel.money import MINOR_PER_MAJOR
from union.reports.sheets import Cell, Kind, Sheet

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a mark at its head, so that every spreadsheet reads Indian scripts."""
    out = StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    write([safe_text(sheet.title)])
    write([safe_text(sheet.span)])
    write([safe_text(column.words) for column in sheet.columns])
    for row in sheet.rows:
        kinds = [column.kind for column in sheet.columns]
        write([_cell(cell, kind) for cell, kind in zip(row.cells, kinds, strict=False)])
    for line in sheet.foot:
        write([safe_text(line)])
    return out.getvalue().encode("utf-8-sig")


def plain_amount(amount_minor: int) -> str:
    """As "-1234.50": what programs read."""
    major, minor = divmod(abs(amount_minor), MINOR_PER_MAJOR)
    return f"{'-' if amount_minor < 0 else ''}{major}.{minor:02d}"


def safe_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_RUNS) else text


def _cell(cell: Cell, kind: Kind) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int):
        return plain_amount(cell) if kind is Kind.MONEY else str(cell)
    return safe_text(cell)
