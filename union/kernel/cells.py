"""Text for a cell of a table that a spreadsheet will open: never a formula, never broken.

Whoever wrote the text, the program that opens the table only shows it. Figures are none of its
business: whoever writes the table writes them as figures.
"""

from __future__ import annotations

import re
import unicodedata

_RUNS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff'\"]*[=+\-@|\u2212]")
"""What some spreadsheet takes for the beginning of a formula, also behind what is not seen."""

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""Signs that neither XML nor a reader can take; a line break and a tab may stay."""

_BREAKS = ("\t", "\r", "\n")


def shown_text(text: str) -> str:
    """The text without the signs that no program can show: for a cell whose kind is text."""
    return _UNSEEN.sub("", text)


def plain_cell(text: str) -> str:
    """Text for CSV, where a cell has no kind: an apostrophe before what would be run."""
    shown = shown_text(text)
    wide = unicodedata.normalize("NFKC", shown)
    runs = shown.startswith(_BREAKS) or _RUNS.match(shown) or _RUNS.match(wide)
    return f"'{shown}" if runs else shown
