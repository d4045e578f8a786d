"""The districts and their figures on one page the size of a hand, to fold and keep."""

from __future__ import annotations

from collections.abc import Sequence

from fpdf import FPDF

from union.web.paper import SLIP_MM, TEXT, letters_put_back, use_our_letters

_MARGIN = 8
_COLUMNS = 2
_TALLEST, _FIGURES = 7.4, 10
_MM_PER_POINT = 0.62


def print_card(rows: Sequence[tuple[str, str]]) -> bytes:
    """Figures and names in two columns, read downward; the same rows give the same page."""
    paper = FPDF(format=SLIP_MM)
    with letters_put_back(paper):
        use_our_letters(paper)
        _draw(paper, rows)
        return bytes(paper.output())


def _draw(paper: FPDF, rows: Sequence[tuple[str, str]]) -> None:
    paper.set_margin(_MARGIN)
    paper.set_auto_page_break(auto=False)
    paper.add_page()
    per_column = max(1, -(-len(rows) // _COLUMNS))
    height = min(_TALLEST, paper.eph / per_column)
    width = paper.epw / _COLUMNS
    for place, (key, name) in enumerate(rows):
        column, line = divmod(place, per_column)
        paper.set_xy(paper.l_margin + column * width, paper.t_margin + line * height)
        paper.set_font(TEXT, "B", height / _MM_PER_POINT)
        paper.cell(_FIGURES, height, key)
        _fit(paper, name, width - _FIGURES, height)


def _fit(paper: FPDF, name: str, width: float, height: float) -> None:
    """A name in its column, smaller where it is long."""
    points = height / _MM_PER_POINT
    paper.set_font(TEXT, "", points)
    taken = paper.get_string_width(name)
    if taken > width - 2:
        paper.set_font(TEXT, "", points * (width - 2) / taken)
    paper.cell(width, height, name)
