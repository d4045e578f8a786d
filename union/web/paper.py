"""Paper to print: one neutral slip or sheet as PDF, in every script our names are written in.

Owns fonts, sizes and shaping; knows nothing of what is printed. Nothing on a paper names the
union: title and author stay empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont

FONTS = Path(str(files("weblate_fonts"))) / "static" / "weblate_fonts" / "kurinto" / "ttf"
"""Kurinto Sans, one family for every Indian script, as its package brings it."""

TEXT = "paper"
"""The one family of letters."""

_LAYOUT = ("GSUB", "GPOS", "GDEF")
SLIP_MM = (105, 148)
"""A6, upright: what a receipt book's slip measures."""


def use_our_letters(paper: FPDF) -> None:
    """Give a paper the letters ``TEXT``, regular and bold, shaped as each script asks.

    The shaper reads the files itself. What is embedded holds placed shapes only, so the tables of
    layout are left out before they are parsed: that halves the time of a paper, byte for byte the
    same.
    """
    paper.add_font(TEXT, fname=FONTS / "KurintoSans-Rg.ttf")
    paper.add_font(TEXT, style="B", fname=FONTS / "KurintoSans-Bd.ttf")
    paper.set_text_shaping(use_shaping_engine=True)
    for font in paper.fonts.values():
        if isinstance(font, TTFFont):
            for table in _LAYOUT:
                if table in font.ttfont:
                    del font.ttfont[table]


@contextmanager
def letters_put_back(paper: FPDF) -> Iterator[None]:
    """Close the files of a paper's letters at the end, also of one that is given up half drawn.

    Finishing a paper closes them too; twice does no harm.
    """
    try:
        yield
    finally:
        for font in paper.fonts.values():
            if isinstance(font, TTFFont):
                font.close()


class Slip(FPDF):
    """A small sheet with a heading, lines of a name and a value, and a foot."""

    def __init__(self, size_mm: tuple[float, float] = SLIP_MM) -> None:
        """An empty sheet of ``size_mm`` (width, height)."""
        super().__init__(format=size_mm)
        use_our_letters(self)
        self.set_margin(10)
        self.add_page()

    def heading(self, left: str, right: str) -> None:
        """The first line: what it is, and its number."""
        self.set_font(TEXT, "B", 12)
        self.cell(self.epw / 2, 8, left)
        self.cell(self.epw / 2, 8, right, align="R", new_x="LMARGIN", new_y="NEXT")
        self.rule()

    def large(self, text: str) -> None:
        """The one thing to be read from afar."""
        self.set_font(TEXT, "B", 26)
        self.cell(self.epw, 18, text, align="C", new_x="LMARGIN", new_y="NEXT")

    def pair(self, name: str, value: str) -> None:
        """A name and its value; a long value runs on below itself."""
        self.set_font(TEXT, "", 10)
        self.cell(self.epw * 0.36, 6.5, name)
        self.set_font(TEXT, "B", 10)
        self.multi_cell(self.epw * 0.64, 6.5, value, align="L", new_x="LMARGIN", new_y="NEXT")

    def rule(self) -> None:
        """A line across."""
        y = self.get_y() + 1
        self.line(self.l_margin, y, self.w - self.r_margin, y)
        self.set_y(y + 2)

    def foot(self, text: str) -> None:
        """Small words at the end."""
        self.ln(2)
        self.set_font(TEXT, "", 8)
        self.multi_cell(self.epw, 4.5, text, align="L")

    def as_bytes(self) -> bytes:
        """The finished file."""
        return bytes(self.output())
