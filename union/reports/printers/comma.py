"""A sheet as CSV: figures with two decimals, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO

from union.kernel.cells import plain_cell
from union.kernel.money import MINOR_PER_MAJOR
from union.reports.sheets import Cell, Kind, Sheet


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a mark at its head, so that every spreadsheet reads Indian scripts."""
    out = StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    write([plain_cell(sheet.title)])
    write([plain_cell(sheet.span)])
    write([plain_cell(column.words) for column in sheet.columns])
    for row in sheet.rows:
        kinds = [column.kind for column in sheet.columns]
        write([_cell(cell, kind) for cell, kind in zip(row.cells, kinds, strict=False)])
    for line in sheet.foot:
        write([plain_cell(line)])
    return out.getvalue().encode("utf-8-sig")


def plain_amount(amount_minor: int) -> str:
    """As "-1234.50": what programs read."""
    major, minor = divmod(abs(amount_minor), MINOR_PER_MAJOR)
    return f"{'-' if amount_minor < 0 else ''}{major}.{minor:02d}"


def _cell(cell: Cell, kind: Kind) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int):
        return plain_amount(cell) if kind is Kind.MONEY else str(cell)
    return plain_cell(cell)
