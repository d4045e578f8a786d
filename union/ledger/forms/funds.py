"""What is asked of whoever moves money between funds, or agrees to it; shapes only."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import AnyOf, Length

from union.ledger.forms.fields import NEEDED, AmountField, DayField
from union.web.forms import CommandForm


class TransferForm(CommandForm):
    """So much from one fund into another, and who decided it."""

    amount = AmountField(lazy_gettext("How much"), validators=[NEEDED])
    from_fund = SelectField(lazy_gettext("Out of"), validators=[NEEDED])
    to_fund = SelectField(lazy_gettext("Into"), validators=[NEEDED])
    money = SelectField(lazy_gettext("Where the money lies"), validators=[NEEDED])
    decided_on = DayField(lazy_gettext("Decided on"), validators=[NEEDED])
    words = TextAreaField(
        lazy_gettext("Who decided it, and why"), validators=[NEEDED, Length(max=1000)]
    )


class TransferAnswerForm(CommandForm):
    """Agreed, or not."""

    answer = HiddenField(validators=[AnyOf(["agree", "refuse"])])


class TransferBackForm(CommandForm):
    """Why a move was a mistake."""

    words = TextAreaField(
        lazy_gettext("What was wrong with it"), validators=[NEEDED, Length(max=1000)]
    )
