"""Cells of a book as somebody wrote them: figures of any script, ditto marks, formulas."""

from __future__ import annotations

import re
import unicodedata

from union.kernel.money import western_digits

_DITTO = frozenset({'"', "''", "”", "“", "〃", "„", ",,", "do", "-do-", "do.", "ditto", '-"-'})
_FORMULA = re.compile(r"^[=@+\-].*[(!]|^[=@]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")


def plain(text: str) -> str:
    """The cell without what cannot be seen, spaces made single; letters stay as they are."""
    if text.isascii():
        return " ".join(text.split())
    seen = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return re.sub(r"\s+", " ", seen).strip()


def figures(text: str) -> str:
    """As ``plain``, and figures of every script written 0 to 9."""
    return western_digits(plain(text))


def is_ditto(text: str) -> bool:
    """Whether the cell says "as above"."""
    return plain(text).casefold() in _DITTO


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run this cell instead of showing it."""
    return _FORMULA.match(plain(text)) is not None
