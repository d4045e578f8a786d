"""The shape of asking for help, hearing, deciding and opening."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from union.web.forms import CommandForm, choices_of
from union.web.reasons import WhyFields
from union.web.words.welfare import DEPARTURES, EVIDENCE
from union.welfare.rules import LONGEST_CLAIM_DAYS

LONGEST_WORDS = 4000

_NEED_DAY = InputRequired(_("Choose a day."))
_NEED_ONE = InputRequired(_("Choose one of these."))
MONEY_FROM = {"1010": _("Cash at the desk"), "1110": _("The bank")}


def _figure(most: int) -> list[object]:
    return [InputRequired(_("Write a figure; 0 for none.")), NumberRange(0, most)]


def chosen_day(field: DateField) -> date:
    """The day of a field that was checked to have one."""
    if field.data is None:
        raise ValueError(field.name)
    return field.data


class AskForm(CommandForm):
    """Three questions."""

    from_on = DateField(_("The first day you could not work"), validators=[_NEED_DAY])
    until_on = DateField(_("The last day, up to today"), validators=[_NEED_DAY])
    health = TextAreaField(
        _("What kept you from working?"),
        description=_(
            "These words are sealed. Only the committee can open them, and you will see when"
            " somebody does. You may also leave this empty and tell them yourself."
        ),
        validators=[Optional(), Length(max=LONGEST_WORDS)],
    )
    evidence = RadioField(
        _("What can you show?"), choices=choices_of(EVIDENCE), validators=[_NEED_ONE]
    )


class AskForForm(AskForm):
    """The same for somebody who cannot write it herself."""

    card = StringField(
        _("Her card number"),
        validators=[InputRequired(_("Write the number on her card.")), Length(max=40)],
    )


class SchemeForm(CommandForm):
    """What the union pays and asks from a day on."""

    from_on = DateField(_("From which day on?"), validators=[_NEED_DAY])
    daily_amount = StringField(
        _("A day"), validators=[InputRequired(_("Write an amount.")), Length(max=20)]
    )
    unpaid_days = IntegerField(_("First days not paid"), validators=_figure(60))
    waiting_months = IntegerField(
        _("Months of membership before it begins"), validators=_figure(120)
    )
    arrears_ceiling_months = IntegerField(_("Months that may be open"), validators=_figure(120))
    cap_days = IntegerField(
        _("Days paid in any twelve months"), validators=_figure(LONGEST_CLAIM_DAYS)
    )
    evidence = SelectMultipleField(
        _("What must be shown? One of these; none ticked, her word is enough."),
        choices=choices_of({code: said for code, said in EVIDENCE.items() if code != "own_word"}),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class AppealForm(CommandForm):
    """Only the button."""


class HearForm(CommandForm):
    """What she said."""

    note = TextAreaField(
        _("What she said"),
        description=_("Sealed, like what she wrote herself."),
        validators=[
            InputRequired(_("Write down what she said.")),
            Length(max=LONGEST_WORDS),
        ],
    )


class DecideForm(CommandForm):
    """Yes or no, how many days, and why if the rule says otherwise."""

    outcome = RadioField(
        _("What do you decide?"),
        choices=choices_of({"grant": _("Grant it"), "refuse": _("Refuse it")}),
        validators=[_NEED_ONE],
    )
    days = IntegerField(
        _("Days to be paid"),
        description=_("Left empty, the days the rule proposes."),
        validators=[Optional(), NumberRange(1, LONGEST_CLAIM_DAYS)],
    )
    departure = SelectField(
        _("If you decide otherwise than the rule: why?"),
        choices=choices_of({"": _("As the rule says"), **DEPARTURES}),
        default="",
    )
    money_account = RadioField(
        _("Paid from"), choices=choices_of(MONEY_FROM), default="1010", validators=[_NEED_ONE]
    )


class PayAgainForm(CommandForm):
    """Where the new voucher takes the money from."""

    money_account = RadioField(
        _("Paid from"), choices=choices_of(MONEY_FROM), default="1010", validators=[_NEED_ONE]
    )


class OpenForm(WhyFields, CommandForm):
    """Why it is opened, and the reader's own secret, unless that is open for these minutes."""

    passphrase = PasswordField(_("Your opening words"), validators=[Optional(), Length(max=200)])
