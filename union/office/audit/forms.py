"""What is asked in an audit: days, a draw, what a paper showed, findings, answers, a password."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import (
    DateField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from union.office.audit.rules.sampling import LARGEST_SAMPLE
from union.web.forms import CommandForm, choices_of
from union.web.words.audit import KINDS, LOOKED, SAMPLES, SEVERITIES

LONGEST_WORDS = 4000
_ONE_OF_THESE = InputRequired(lazy_gettext("Choose one of these."))
_NEEDED = InputRequired(lazy_gettext("This is needed."))


class OpenAuditForm(CommandForm):
    """Which days are looked at, and why."""

    kind = RadioField(
        lazy_gettext("What kind"), choices=choices_of(KINDS), validators=[_ONE_OF_THESE]
    )
    from_on = DateField(lazy_gettext("From which day"), validators=[_NEEDED])
    to_on = DateField(lazy_gettext("Up to which day"), validators=[_NEEDED])


class DrawForm(CommandForm):
    """What is drawn, and how much of it."""

    what = RadioField(
        lazy_gettext("Papers"), choices=choices_of(SAMPLES), validators=[_ONE_OF_THESE]
    )
    size = IntegerField(
        lazy_gettext("How many"),
        validators=[_NEEDED, NumberRange(min=1, max=LARGEST_SAMPLE)],
    )
    seed = StringField(
        lazy_gettext("Dice you threw together"),
        description=lazy_gettext("Leave it empty and the machine draws lots."),
        validators=[Optional(), Length(max=40)],
    )


class LookForm(CommandForm):
    """What one paper showed."""

    verdict = RadioField(
        lazy_gettext("It is"),
        choices=choices_of({code: said for code, (_, said) in LOOKED.items()}),
        validators=[_ONE_OF_THESE],
    )


class FindingForm(CommandForm):
    """What was found; nobody is named in it."""

    severity = RadioField(
        lazy_gettext("How grave"), choices=choices_of(SEVERITIES), validators=[_ONE_OF_THESE]
    )
    step = SelectField(lazy_gettext("At which step"), validators=[Optional()])
    amount = StringField(
        lazy_gettext("How much money is in it"), validators=[Optional(), Length(max=20)]
    )
    words = TextAreaField(
        lazy_gettext("What you found"),
        description=lazy_gettext("Numbers of vouchers and receipts, nobody’s name."),
        validators=[_NEEDED, Length(max=LONGEST_WORDS)],
    )


class AnswerForm(CommandForm):
    """What is said to a finding."""

    words = TextAreaField(
        lazy_gettext("What you say to it"),
        validators=[_NEEDED, Length(max=LONGEST_WORDS)],
    )


class FollowUpForm(AnswerForm):
    """What a trustee says, and whether that settles it."""

    kind = RadioField(
        lazy_gettext("So it is"),
        choices=choices_of(
            {
                "settled": lazy_gettext("settled"),
                "follow_up": lazy_gettext("to be followed up"),
                "reopened": lazy_gettext("open again"),
            }
        ),
        validators=[_ONE_OF_THESE],
    )


class SignForm(CommandForm):
    """Her own password, under which her signature is made."""

    password = PasswordField(lazy_gettext("Your password"), validators=[_NEEDED])
