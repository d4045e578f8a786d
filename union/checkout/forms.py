"""What the pages of card payments ask for; shapes only."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired

from union.dues.forms import AmountField
from union.members.rules.cards import read_card
from union.web.forms import CommandForm, choices_of

_NEEDED = InputRequired(lazy_gettext("This is needed."))

REFUND_REASONS = {
    "twice": lazy_gettext("It was paid twice"),
    "mistake": lazy_gettext("It was paid by mistake"),
    "asked": lazy_gettext("She asks for it back"),
    "gone": lazy_gettext("She has left or died"),
}


class PayForm(CommandForm):
    """How much."""

    amount = AmountField(lazy_gettext("How much"), validators=[_NEEDED])


class RefundForm(CommandForm):
    """What of a payment goes back to the card it came from."""

    amount = AmountField(lazy_gettext("How much goes back"), validators=[_NEEDED])
    reason = RadioField(lazy_gettext("Why"), choices=choices_of(REFUND_REASONS), default="mistake")


class PlaceForm(CommandForm):
    """Whose a payment is."""

    card = StringField(lazy_gettext("Card number"), validators=[_NEEDED])

    def number(self) -> str:
        """The card number in the union's own spelling."""
        return read_card(str(self.card.data))


class ButtonForm(CommandForm):
    """A button with nothing to fill in."""
