"""The shape of work on a case."""

from __future__ import annotations

from collections.abc import Sequence
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
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from union.kernel.actor import Role
from union.legal.queries import Lawyer
from union.web.forms import CommandForm, choices_of, named_choices
from union.web.look import ROLE_WORDS
from union.web.words.legal import ACTS, OUTCOMES, PARTIES, PURPOSES, SHARED_PARTS, STEPS

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

    def validate_acts(self, field: ActsField) -> None:
        """A case begins with what was done, ticked or told: an empty one helps nobody."""
        if not field.data and not (self.note.data or "").strip():
            raise ValidationError(
                _("Tick what was done, or write below what she said. One of the two is needed.")
            )


class PlainForm(CommandForm):
    """Only the button."""


class KeeperForm(CommandForm):
    """Who is to keep the keys of cases too."""

    name = StringField(
        _("The name by which she signs in"), validators=[_NEED_WORDS, Length(max=40)]
    )


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


class ShareForm(CommandForm):
    """Which lawyer is shown what, and until when; who may be chosen is asked of the service."""

    lawyer = SelectField(_("Which lawyer?"), validators=[_NEED_ONE], validate_choice=False)
    parts = ActsField(_("What may she read?"), choices=choices_of(SHARED_PARTS))
    until_on = DateField(_("Until the end of which day?"), validators=[_NEED_DAY])

    def offer(self, lawyers: Sequence[Lawyer]) -> None:
        """Offer the lawyers there are."""
        self.lawyer.choices = named_choices((one.office, one.who) for one in lawyers)


class KeepOutForm(CommandForm):
    """Somebody who is never to learn of it."""

    card = StringField(
        _("Card number of whom it must go around"), validators=[_NEED_WORDS, Length(max=40)]
    )


class ComplaintForm(CommandForm):
    """Whom it is about, and what happened."""

    card = StringField(
        _("Card number of whom it is about, if you know it"),
        validators=[Optional(), Length(max=40)],
    )
    office = SelectField(
        _("Or her office"),
        description=_("Everybody who holds it is kept out."),
        choices=choices_of(
            {
                "": _("I do not know it"),
                **{
                    role.value: words
                    for role, words in ROLE_WORDS.items()
                    if role is not Role.MEMBER
                },
            }
        ),
        default="",
    )
    words = TextAreaField(_("What happened?"), validators=[_NEED_WORDS, _NOT_ENDLESS])


class ComplaintForAnotherForm(ComplaintForm):
    """The same, for somebody who came in person."""

    whose = StringField(
        _("Card number of her who came to you; empty if it is your own"),
        validators=[Optional(), Length(max=40)],
    )


class CloseForm(CommandForm):
    """How it ended."""

    outcome = RadioField(_("How did it end?"), choices=choices_of(OUTCOMES), validators=[_NEED_ONE])
    words = TextAreaField(_("In a few words"), validators=[Optional(), _NOT_ENDLESS])
