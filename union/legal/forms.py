"""The shape of work on a case."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from union.web.forms import CommandForm, choices_of
from union.web.words.legal import ACTS, OUTCOMES, PARTIES, PURPOSES, STEPS

LONGEST_WORDS = 8000

_NEED_DAY = InputRequired(_("Choose a day."))
_NEED_ONE = InputRequired(_("Choose one of these."))
_NEED_WORDS = InputRequired(_("Write it down."))
_NOT_ENDLESS = Length(max=LONGEST_WORDS)


def chosen_day(field: DateField) -> date:
    """The day of a field that was checked to have one."""
    if field.data is None:
        raise ValueError(field.name)
    return field.data


class ActsField(SelectMultipleField):
    """Several of the short list, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NewCaseForm(CommandForm):
    """A case that somebody asked for."""

    card = StringField(
        _("Her card number, if she wants it known"), validators=[Optional(), Length(max=40)]
    )
    acts = ActsField(_("What was done to her?"), choices=choices_of(ACTS))
    note = TextAreaField(_("In her words"), validators=[Optional(), _NOT_ENDLESS])


class PlainForm(CommandForm):
    """Only the button."""


class StepForm(CommandForm):
    """What comes next, and by when."""

    step = SelectField(_("What comes next?"), choices=choices_of(STEPS), validators=[_NEED_ONE])
    on = DateField(_("By which day?"), validators=[_NEED_DAY])
    words = StringField(_("More about it"), validators=[Optional(), Length(max=400)])


class NoteForm(CommandForm):
    """A note."""

    words = TextAreaField(_("What is to be remembered?"), validators=[_NEED_WORDS, _NOT_ENDLESS])


class ConsentForm(CommandForm):
    """Her yes to one thing."""

    purpose = RadioField(
        _("What did she say yes to?"), choices=choices_of(PURPOSES), validators=[_NEED_ONE]
    )
    given_on = DateField(_("On which day?"), validators=[_NEED_DAY])


class PartyForm(CommandForm):
    """Somebody in the case."""

    role = SelectField(
        _("What are they in this?"),
        choices=choices_of({"": _("Choose one of these"), **PARTIES}),
        validators=[_NEED_ONE],
        default="",
    )
    words = StringField(_("Who?"), validators=[_NEED_WORDS, Length(max=400)])


class ActsForm(CommandForm):
    """What was done to her."""

    acts = ActsField(_("What was done to her?"), choices=choices_of(ACTS))


class CloseForm(CommandForm):
    """How it ended."""

    outcome = RadioField(_("How did it end?"), choices=choices_of(OUTCOMES), validators=[_NEED_ONE])
    words = TextAreaField(_("In a few words"), validators=[Optional(), _NOT_ENDLESS])
