"""The sheet of the counter on one page of A4: what to ask for, and lines to write on."""

from __future__ import annotations

from fpdf import FPDF

from union.crisis.rules.station import Part, Sheet
from union.web.paper import TEXT, letters_put_back, use_our_letters

_MARGIN, _EDGE = 13, 8
_ASK_POINTS, _ASK_HEIGHT = 13, 6.2
_SOURCE_POINTS, _SOURCE_HEIGHT = 8.5, 4
_WRITE_HEIGHT = 13
_BOX = 4.2


_LINES_AT_FULL_SIZE, _SMALLEST = 18, 0.82
"""With more lines the letters are a little smaller; still large enough at arm's length."""


def print_counter_sheet(sheet: Sheet, language: str) -> bytes:
    """One version in one language, on one page; the same version gives the same page.

    ValueError for a sheet of more words than fit: it would be cut where nobody looks.
    """
    size = max(_SMALLEST, min(1.0, _LINES_AT_FULL_SIZE / len(sheet.lines)))
    paper = _Paper(size)
    with letters_put_back(paper):
        _draw(paper, sheet, language)
        if not paper.fits:
            message = f"sheet {sheet.version} is longer than a page in {language}"
            raise ValueError(message)
        return bytes(paper.output())


def _draw(paper: _Paper, sheet: Sheet, language: str) -> None:
    paper.head(sheet.title[language], sheet.entry[language])
    paper.part(sheet.parts[Part.ASK][language])
    for line in sheet.of(Part.ASK):
        sources = "  ·  ".join(source.short for source in line.sources)
        paper.ask(line.words[language], sources)
    paper.part(sheet.parts[Part.WRITE][language])
    for line in sheet.of(Part.WRITE):
        paper.write_on(line.words[language])
    since = ", ".join(f"{act} {day.isoformat()}" for act, day in sheet.dates)
    paper.foot(f"{sheet.foot[language]}\n{sheet.version} · {since}")


class _Paper(FPDF):
    """An upright A4 page that is never two."""

    def __init__(self, size: float) -> None:
        super().__init__(format="A4")
        self.size = size
        use_our_letters(self)
        self.set_margin(_MARGIN)
        self.set_auto_page_break(auto=False)
        self.add_page()

    @property
    def fits(self) -> bool:
        """Whether all that was drawn so far is on the page."""
        return self.get_y() <= self.h - _EDGE

    def head(self, title: str, entry: str) -> None:
        """The neutral title, and the hour to write first of all."""
        self.set_font(TEXT, "B", 17)
        self.cell(self.epw * 0.45, 10, title)
        self.set_font(TEXT, "B", 12)
        self.cell(self.epw * 0.55, 10, f"{entry}: ______ : ______", align="R")
        self.ln(11)

    def part(self, words: str) -> None:
        """A heading with a line below it."""
        self.ln(1)
        self.set_font(TEXT, "B", 12.5)
        self.cell(self.epw, 7, words, new_x="LMARGIN", new_y="NEXT")
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.ln(1.6)

    def ask(self, words: str, sources: str) -> None:
        """One thing to ask for, with a box to tick and where it stands in the law."""
        top = self.get_y()
        self.rect(self.l_margin, top + 0.8, _BOX, _BOX)
        left, width = self.l_margin + _BOX + 3, self.epw - _BOX - 3
        self.set_x(left)
        self.set_font(TEXT, "", _ASK_POINTS * self.size)
        self.multi_cell(
            width, _ASK_HEIGHT * self.size, words, align="L", new_x="LMARGIN", new_y="NEXT"
        )
        self.set_x(left)
        self.set_font(TEXT, "", _SOURCE_POINTS)
        self.multi_cell(
            width, _SOURCE_HEIGHT * self.size, sources, align="L", new_x="LMARGIN", new_y="NEXT"
        )
        self.ln(1.1)

    def write_on(self, words: str) -> None:
        """Words and an empty line after them."""
        self.set_font(TEXT, "", 11)
        height = _WRITE_HEIGHT * self.size
        taken = self.get_string_width(words) + 3
        self.cell(taken, height, words)
        low = self.get_y() + height - 3.4
        self.line(self.l_margin + taken, low, self.w - self.r_margin, low)
        self.ln(height)

    def foot(self, words: str) -> None:
        """Small words at the end."""
        self.ln(1)
        self.set_font(TEXT, "", 8)
        self.multi_cell(self.epw, 4.2, words, align="L")
