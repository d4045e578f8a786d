"""What is asked when a gift or other income is written down; shapes only."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import Length

from union.ledger.forms.fields import NEEDED, AmountField, DayField
from union.ledger.rules.chart import AccountCode
from union.web.forms import CommandForm, choices_of

GIFT, OTHER = AccountCode.DONATIONS.value, AccountCode.OTHER_INCOME.value
WHAT = {
    GIFT: lazy_gettext("A gift"),
    OTHER: lazy_gettext("Other income: something sold, a deposit that came back"),
}


class DonationForm(CommandForm):
    """How much, for what, into which box; who gave it may stay unsaid."""

    what = RadioField(lazy_gettext("What it is"), choices=choices_of(WHAT), default=GIFT)
    amount = AmountField(lazy_gettext("How much"), validators=[NEEDED])
    fund = SelectField(lazy_gettext("For which fund"), validators=[NEEDED])
    money = SelectField(lazy_gettext("Put into"), validators=[NEEDED])
    given_on = DayField(lazy_gettext("Given on"), validators=[NEEDED])
    giver = StringField(
        lazy_gettext("Who gave it, if she wants to be named"), validators=[Length(max=120)]
    )
    card = StringField(
        lazy_gettext("Or her card number, if she has one"), validators=[Length(max=32)]
    )
    words = StringField(
        lazy_gettext("What she would like it to be for, in her own words, if she said so"),
        validators=[Length(max=500)],
    )


class DonationBackForm(CommandForm):
    """Nothing but the wish."""
