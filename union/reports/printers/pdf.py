"""A sheet on A4, in every script we write: heads repeated, totals ruled, the seal at the foot."""

from __future__ import annotations

from datetime import date
from typing import cast

from fpdf import FPDF
from fpdf.enums import MethodReturnValue

from union.kernel.money import format_amount, grouped
from union.reports.sheets import Cell, Kind, Row, Sheet, Weight
from union.web.formats import short_day
from union.web.paper import TEXT, letters_put_back, use_our_letters

_LINE_MM = 6.2
_MORE_MM = 4.4
"""Between the lines of one row."""

_FOOT_MM = 18
_WIDE = 5
"""From so many columns on the paper is turned."""

_SHARES = {Kind.TEXT: 2.4, Kind.MONEY: 1.25, Kind.NUMBER: 0.9, Kind.DATE: 1.0}


class _Paper(FPDF):
    """Pages with the columns' heads on top and the foot under each."""

    def __init__(self, sheet: Sheet) -> None:
        wide = len(sheet.columns) > _WIDE
        super().__init__(format="A4", orientation="landscape" if wide else "portrait")
        self.sheet = sheet
        use_our_letters(self)
        self.set_margin(15)
        self.set_auto_page_break(auto=True, margin=_FOOT_MM + 6)
        shares = [_SHARES[column.kind] for column in sheet.columns]
        self.widths = [self.epw * share / sum(shares) for share in shares]

    def header(self) -> None:
        self.set_font(TEXT, "B", 15)
        self.cell(self.epw, 9, self.sheet.title, new_x="LMARGIN", new_y="NEXT")
        self.set_font(TEXT, "", 10)
        self.cell(self.epw, 6, self.sheet.span, new_x="LMARGIN", new_y="NEXT")
        self.ln(2)
        self.set_font(TEXT, "B", 9)
        for width, column in zip(self.widths, self.sheet.columns, strict=True):
            self.cell(width, _LINE_MM, column.words, align=_align(column.kind))
        self.ln(_LINE_MM)
        self._rule()

    def footer(self) -> None:
        self.set_y(-_FOOT_MM)
        self.set_font(TEXT, "", 7)
        self.multi_cell(self.epw, 3.6, "\n".join(self.sheet.foot), align="L")
        self.set_y(-9)
        self.cell(self.epw, 4, f"{self.page_no()} / {{nb}}", align="R")

    def row(self, row: Row) -> None:
        """One row of the table."""
        self.set_font(TEXT, "" if row.weight is Weight.LINE else "B", 9)
        cells = [
            (width, _align(column.kind), self._lines(_words(cell, column.kind), width))
            for width, column, cell in zip(self.widths, self.sheet.columns, row.cells, strict=False)
        ]
        high = max(len(lines) for _, _, lines in cells)
        if self.will_page_break(_LINE_MM + _MORE_MM * high):
            self.add_page()
            self.set_font(TEXT, "" if row.weight is Weight.LINE else "B", 9)
        if row.weight is Weight.HEAD:
            self.ln(2)
        if row.weight is Weight.TOTAL:
            self._rule()
        for number in range(high):
            for width, align, lines in cells:
                words = lines[number] if number < len(lines) else ""
                self.cell(width, _LINE_MM, words, align=align)
            self.ln(_MORE_MM if number + 1 < high else _LINE_MM)
        if row.weight is Weight.TOTAL:
            self._rule()
            self.ln(0.8)

    def _lines(self, words: str, width: float) -> list[str]:
        """The words in as many lines as they need: on paper nothing can be asked for again."""
        if self.get_string_width(words) <= width - 2:
            return [words]
        lines = self.multi_cell(
            width - 1, _MORE_MM, words, dry_run=True, output=MethodReturnValue.LINES
        )
        return cast("list[str]", lines)

    def _rule(self) -> None:
        y = self.get_y() + 0.2
        self.line(self.l_margin, y, self.w - self.r_margin, y)


def as_pdf(sheet: Sheet) -> bytes:
    """The finished file; title and author stay empty."""
    paper = _Paper(sheet)
    with letters_put_back(paper):
        paper.add_page()
        for row in sheet.rows:
            paper.row(row)
        return bytes(paper.output())


def _align(kind: Kind) -> str:
    return "R" if kind in {Kind.MONEY, Kind.NUMBER} else "L"


def _words(cell: Cell, kind: Kind) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return short_day(cell)
    if isinstance(cell, int):
        return format_amount(cell) if kind is Kind.MONEY else grouped(cell)
    return cell
