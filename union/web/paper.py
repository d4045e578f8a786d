"""Paper to print: one neutral slip or sheet as PDF, in every script our names are written in.

Owns fonts, sizes and shaping; knows nothing of what is printed. Nothing on a paper names the
union: title and author stay empty.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fpdf import FPDF

FONTS = Path(str(files("weblate_fonts"))) / "static" / "weblate_fonts" / "kurinto" / "ttf"
"""Kurinto Sans, one family for every Indian script, as its package brings it."""

_TEXT = "paper"
SLIP_MM = (105, 148)
"""A6, upright: what a receipt book's slip measures."""


class Slip(FPDF):
    """A small sheet with a heading, lines of a name and a value, and a foot."""

    def __init__(self, size_mm: tuple[float, float] = SLIP_MM) -> None:
        """An empty sheet of ``size_mm`` (width, height)."""
        super().__init__(format=size_mm)
        self.add_font(_TEXT, fname=FONTS / "KurintoSans-Rg.ttf")
        self.add_font(_TEXT, style="B", fname=FONTS / "KurintoSans-Bd.ttf")
        self.set_text_shaping(use_shaping_engine=True)
        self.set_margin(10)
        self.add_page()

    def heading(self, left: str, right: str) -> None:
        """The first line: what it is, and its number."""
        self.set_font(_TEXT, "B", 12)
        self.cell(self.epw / 2, 8, left)
        self.cell(self.epw / 2, 8, right, align="R", new_x="LMARGIN", new_y="NEXT")
        self.rule()

    def large(self, text: str) -> None:
        """The one thing to be read from afar."""
        self.set_font(_TEXT, "B", 26)
        self.cell(self.epw, 18, text, align="C", new_x="LMARGIN", new_y="NEXT")

    def pair(self, name: str, value: str) -> None:
        """A name and its value; a long value runs on below itself."""
        self.set_font(_TEXT, "", 10)
        self.cell(self.epw * 0.36, 6.5, name)
        self.set_font(_TEXT, "B", 10)
        self.multi_cell(self.epw * 0.64, 6.5, value, align="L", new_x="LMARGIN", new_y="NEXT")

    def rule(self) -> None:
        """A line across."""
        y = self.get_y() + 1
        self.line(self.l_margin, y, self.w - self.r_margin, y)
        self.set_y(y + 2)

    def foot(self, text: str) -> None:
        """Small words at the end."""
        self.ln(2)
        self.set_font(_TEXT, "", 8)
        self.multi_cell(self.epw, 4.5, text, align="L")

    def as_bytes(self) -> bytes:
        """The finished file."""
        return bytes(self.output())
