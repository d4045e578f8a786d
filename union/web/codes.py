"""A code that a camera reads, drawn into the page itself: no other machine is asked for it."""

from __future__ import annotations

import segno
from markupsafe import Markup

SCALE = 5
BORDER = 4
"""Squares of white around it, as the standard asks."""


def code_picture(text: str, scale: int = SCALE) -> Markup:
    """The text as an inline drawing of squares, ``scale`` pixels each; it holds only the text."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        scale=scale, border=BORDER, dark="#000", light="#fff"
    )
    return Markup(drawn)  # noqa: S704  # nosec B704 # segno's own drawing, of nothing but squares
