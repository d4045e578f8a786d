"""What is asked about readings: what was not right, what was found, a password, an inquiry."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from union.web.forms import CommandForm, choices_of
from union.web.words.readings import OUTCOMES

LONGEST_WORDS = 2000
_NEEDED = InputRequired(_("This is needed."))
_CARD = (InputRequired(_("Write the number on her card.")), Length(max=40))


class AskForm(CommandForm):
    """What was not right about it, if she wants to say."""

    words = TextAreaField(
        _("What was not right? You may leave this empty."),
        validators=[Optional(), Length(max=LONGEST_WORDS)],
    )


class AnswerForm(CommandForm):
    """What a trustee found."""

    outcome = RadioField(
        _("What you found"),
        choices=choices_of(OUTCOMES),
        validators=[InputRequired(_("Choose one of these."))],
    )
    words = TextAreaField(_("What you say to her"), validators=[_NEEDED, Length(max=LONGEST_WORDS)])


class PlaceForm(CommandForm):
    """One button: to take a place, or to give it up."""


class WrittenForm(CommandForm):
    """The figures she has written down, and her own password."""

    seen = HiddenField(validators=[_NEEDED, Length(max=40)])
    password = PasswordField(_("Your password"), validators=[_NEEDED, Length(max=200)])


class InquiryForm(CommandForm):
    """About whom, by whom, and until when."""

    about = StringField(_("Card of the one it is about"), validators=_CARD)
    reader = StringField(_("Card of the one who looks into it"), validators=_CARD)
    until = DateField(
        _("Last day"),
        description=_("Thirty days at most. After that she sees everything."),
        validators=[InputRequired(_("Choose a day."))],
    )
