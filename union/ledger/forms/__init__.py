"""What is asked on the pages of the books: a day and a fund, or a signature."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import DateField, Form, HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from union.web.forms import CommandForm


class TrialBalanceForm(Form):
    """Which trial balance to show; asked by address, so that it can be kept and printed."""

    on = DateField(lazy_gettext("At the end of"), validators=[Optional()])
    fund = SelectField(lazy_gettext("Fund"), validators=[Optional()])


class ApproveForm(CommandForm):
    """A signature under exactly what was shown."""

    seen = HiddenField(validators=[Regexp(r"^[0-9a-f]{64}$")])


class PayForm(CommandForm):
    """The day the money was handed over."""

    paid_on = DateField(
        lazy_gettext("The day the money was handed over"), validators=[InputRequired()]
    )


class WithdrawForm(CommandForm):
    """Nothing but the wish."""


class MistakeForm(CommandForm):
    """Why a payment was booked by mistake."""

    words = TextAreaField(
        lazy_gettext("What happened, in a few words"),
        description=lazy_gettext("Whoever confirms it reads this."),
        validators=[
            InputRequired(lazy_gettext("Say what happened, so that the second person knows.")),
            Length(max=500),
        ],
    )
