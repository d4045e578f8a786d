"""A report on paper: what does not fit on a line goes on below, and nothing is left out."""

from __future__ import annotations

from fpdf import FPDF

from union.reports.printers.pdf import as_pdf
from union.reports.sheets import Column, Kind, Row, Sheet, Weight

LONG = "Moved between our own accounts (Cash with collector 17, Bank account)"


def test_long_words_take_more_lines_and_none_is_cut(monkeypatch):
    written = []
    write = FPDF.cell

    def noted(paper, width=None, height=None, text="", *rest, **more):
        written.append(str(text))
        return write(paper, width, height, text, *rest, **more)

    monkeypatch.setattr(FPDF, "cell", noted)
    columns = (Column("Day"), Column("What"), *(Column(it, Kind.MONEY) for it in "abc"))
    rows = (Row(("1", LONG, 100, None, 100)), Row(("2", LONG, 1, 2, 3), Weight.TOTAL))
    assert as_pdf(Sheet("book", "Cash", "days", "", columns, rows)).startswith(b"%PDF")
    assert " ".join(" ".join(written).split()).count("Moved between our own") == 2
    for word in LONG.split():
        assert sum(word in one for one in written) >= 2, word
    assert not [one for one in written if "…" in one]
    assert written.count("₹1") == 2
