"""A collector's round on paper: whom she visits, what is due, and white lines to write on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext
from fpdf import FPDF
from fpdf.enums import TableBordersLayout

from union.dues.queries.phones import RoundPerson
from union.kernel.money import format_amount
from union.web.formats import day, short_month
from union.web.paper import TEXT, letters_put_back, use_our_letters

_WHITE_LINES = 8
_WIDTHS = (26, 46, 26, 24, 24, 24, 20)


def print_round_sheet(
    collector: str, today: date, people: Sequence[RoundPerson], first_no: int | None
) -> bytes:
    """An A4 sheet; nothing on it names the union, and no number to ring stands there."""
    sheet = _Sheet()
    with letters_put_back(sheet):
        sheet.head(collector, day(today), first_no)
        rows = [_row(one) for one in people] + [("",) * len(_WIDTHS)] * _WHITE_LINES
        sheet.lines(rows)
        sheet.foot()
        return bytes(sheet.output())


def _row(one: RoundPerson) -> tuple[str, ...]:
    paid_to = short_month(one.paid_to) if one.paid_to is not None else ""
    due = format_amount(one.due_minor) if one.due_minor else ""
    return (one.member.card, one.member.called, paid_to, due, "", "", "")


class _Sheet(FPDF):
    """An upright A4 page with a heading, one table and a place for the sum."""

    def __init__(self) -> None:
        super().__init__(format="A4")
        use_our_letters(self)
        self.set_margin(10)
        self.set_auto_page_break(auto=True, margin=14)
        self.add_page()

    def head(self, collector: str, today: str, first_no: int | None) -> None:
        """Whose round, which day, and the receipt it begins with."""
        self.set_font(TEXT, "B", 13)
        self.cell(self.epw * 0.6, 8, collector)
        self.set_font(TEXT, "", 10)
        self.cell(self.epw * 0.4, 8, today, align="R", new_x="LMARGIN", new_y="NEXT")
        number = "" if first_no is None else str(first_no)
        words = gettext("First receipt: %(number)s", number=number)
        self.cell(self.epw, 7, words, new_x="LMARGIN", new_y="NEXT")

    def lines(self, rows: Sequence[tuple[str, ...]]) -> None:
        """The table, its heading again on every page."""
        self.set_font(TEXT, "", 9)
        names = (
            gettext("Card"),
            gettext("Called"),
            gettext("Paid to"),
            gettext("Due"),
            gettext("Receipt"),
            gettext("Amount"),
            gettext("Stamped"),
        )
        with self.table(
            col_widths=_WIDTHS, line_height=8, borders_layout=TableBordersLayout.ALL
        ) as table:
            table.row(names)
            for one in rows:
                table.row(one)

    def foot(self) -> None:
        """Where the sum is written and both hands sign."""
        self.ln(6)
        self.set_font(TEXT, "", 10)
        for words in (gettext("Sum"), gettext("Handed in by"), gettext("Counted by")):
            self.cell(self.epw / 3, 10, f"{words}: ____________________")
