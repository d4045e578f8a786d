"""What is asked about floats; shapes only."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, Length

from union.ledger.forms.fields import (
    NEEDED,
    PAPERS,
    AmountField,
    DayField,
    OptionalAmountField,
    PapersField,
    PapersForm,
)
from union.web.forms import CommandForm, choices_of
from union.web.words.ledger import FLOAT_REASONS


class FloatForm(CommandForm):
    """Whose float, for what, how far."""

    card = StringField(lazy_gettext("Her card number"), validators=[NEEDED, Length(max=32)])
    purpose = SelectField(lazy_gettext("Which kind"), validators=[NEEDED])
    limit = OptionalAmountField(lazy_gettext("She may hold at most"), validators=[NEEDED])


class GiveFloatForm(CommandForm):
    """How much to hand out; a voucher that two others sign."""

    amount = AmountField(lazy_gettext("How much"), validators=[NEEDED])
    money = SelectField(lazy_gettext("Taken from"), validators=[NEEDED])
    words = SelectField(lazy_gettext("Why"), choices=choices_of(FLOAT_REASONS), validators=[NEEDED])


class TakeBackForm(CommandForm):
    """Money that was not needed."""

    amount = AmountField(lazy_gettext("How much came back"), validators=[NEEDED])
    money = SelectField(lazy_gettext("Put into"), validators=[NEEDED])


class SpentForm(PapersForm):
    """What a holder spent, as she tells it."""

    amount = AmountField(lazy_gettext("How much"), validators=[NEEDED])
    spent_on = DayField(lazy_gettext("On which day"), validators=[NEEDED])
    words = TextAreaField(lazy_gettext("For what; no names"), validators=[NEEDED, Length(max=1000)])
    papers = PapersField(PAPERS)


class AnswerForm(CommandForm):
    """Papers taken, or sent back."""

    answer = HiddenField(validators=[AnyOf(["take", "back"])])
