"""A number card on paper: sixteen digits like a telephone number, and nothing else at all.

Owns its look; never keeps or names what it prints. No name, no code for a camera, no heading:
whoever finds it has a number that rings nobody.
"""

from __future__ import annotations

from union.identity.rules.cards import shown_card_digits
from union.web.paper import TEXT, Slip, letters_put_back

CARD_MM = (86, 54)
"""As large as a bank's card: it goes where those go."""

_POINTS = 17
_MARGIN_MM = 6


def print_number(digits: str) -> bytes:
    """The card as PDF."""
    card = Slip(CARD_MM)
    with letters_put_back(card):
        card.set_auto_page_break(auto=False)
        card.set_margin(_MARGIN_MM)
        card.set_font(TEXT, "", _POINTS)
        card.set_xy(_MARGIN_MM, CARD_MM[1] / 2 - 5)
        card.cell(card.epw, 10, shown_card_digits(digits), align="C")
        return card.as_bytes()
