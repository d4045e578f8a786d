"""Papers of the lock: letters for the drawer, a trustee's secret; printed once and kept nowhere.

Owns their look. Nothing on them names the union or says what they are for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno

from union.web.paper import TEXT, Slip, letters_put_back

if TYPE_CHECKING:
    from collections.abc import Sequence

_CODE_MM = 42
_PER_LINE = 3


def print_letters(groups: Sequence[str], pairs: Sequence[tuple[str, str]], foot: str) -> bytes:
    """Groups of letters, what stands beside them, and the same letters for a camera; as PDF."""
    paper = Slip()
    with letters_put_back(paper):
        paper.set_font(TEXT, "B", 15)
        for at in range(0, len(groups), _PER_LINE):
            line = "  ".join(groups[at : at + _PER_LINE])
            paper.cell(paper.epw, 8, line, align="C", new_x="LMARGIN", new_y="NEXT")
        paper.rule()
        for name, value in pairs:
            paper.pair(name, value)
        paper.foot(foot)
        _draw_code(paper, "-".join(groups))
        return paper.as_bytes()


def _draw_code(paper: Slip, text: str) -> None:
    """In the middle, below what was written."""
    rows = list(segno.make(text, error="m", micro=False).matrix)
    side = _CODE_MM / len(rows)
    left, top = (paper.w - _CODE_MM) / 2, paper.get_y() + 4
    for down, row in enumerate(rows):
        for right, dark in enumerate(row):
            if dark:
                paper.rect(left + right * side, top + down * side, side, side, style="F")
