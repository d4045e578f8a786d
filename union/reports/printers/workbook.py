"""A sheet as XLSX: amounts are numbers with two decimals, text is never a formula.

Text that looks like one is marked besides, so that it stays text where its cell is edited.
"""

from __future__ import annotations

from datetime import date
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import TYPE_STRING, MergedCell
from openpyxl.cell.cell import Cell as Field
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from union.kernel.cells import plain_cell, shown_text
from union.kernel.money import MINOR_PER_MAJOR
from union.reports.sheets import Cell, Kind, Sheet, Weight

RUPEES = r"[>=10000000]##\,##\,##\,##0.00;[>=100000]##\,##\,##0.00;##,##0.00"
"""Lakh and crore, as they are read here."""

_RULED = Border(top=Side("thin"), bottom=Side("double"))
_WIDTHS = {Kind.TEXT: 34, Kind.MONEY: 17, Kind.NUMBER: 12, Kind.DATE: 14}
_FIRST_ROW = 4


def as_xlsx(sheet: Sheet) -> bytes:
    """One page of a workbook; nothing in it names the union."""
    workbook = Workbook()
    workbook.properties.creator = ""
    page = workbook.active
    if not isinstance(page, Worksheet):  # pragma: no cover  a new workbook has one page
        raise TypeError
    page.title = sheet.code[:31]
    _put(page, (1, 1), sheet.title, Kind.TEXT).font = Font(bold=True, size=14)
    _put(page, (2, 1), sheet.span, Kind.TEXT)
    for number, column in enumerate(sheet.columns, start=1):
        field = _put(page, (_FIRST_ROW, number), column.words, Kind.TEXT)
        field.font = Font(bold=True)
        page.column_dimensions[get_column_letter(number)].width = _WIDTHS[column.kind]
    at = _FIRST_ROW
    for row in sheet.rows:
        at += 1
        for number, value in enumerate(row.cells, start=1):
            field = _put(page, (at, number), value, sheet.columns[number - 1].kind)
            if row.weight is not Weight.LINE:
                field.font = Font(bold=True)
            if row.weight is Weight.TOTAL:
                field.border = _RULED
    for line in sheet.foot:
        at += 1
        _put(page, (at + 1, 1), line, Kind.TEXT)
    page.freeze_panes = f"A{_FIRST_ROW + 1}"
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def _put(page: Worksheet, place: tuple[int, int], cell: Cell, kind: Kind) -> Field:
    field = page.cell(*place)
    if isinstance(field, MergedCell):  # pragma: no cover  nothing is merged here
        raise TypeError
    if isinstance(cell, int) and kind is Kind.MONEY:
        field.value = cell / MINOR_PER_MAJOR
        field.number_format = RUPEES
    elif isinstance(cell, int | date):
        field.value = cell
    elif cell is not None:
        field.value = text = shown_text(cell)
        field.data_type = TYPE_STRING
        field.quotePrefix = plain_cell(cell) != text
        field.alignment = Alignment(wrap_text=False)
    return field
