"""The shape of what is written after an end: clocks of medicine, looking back, lessons."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Regexp

from union.crisis.forms.calls import person_id
from union.crisis.forms.times import NEED_DAY, DayField
from union.web.forms import CommandForm, choices_of
from union.web.words.after import CARE, TAGS

_WORDS = Length(max=4000)


class HourField(DateTimeLocalField):
    """A day and an hour that must be given."""

    @property
    def given(self) -> datetime:
        """The instant on the wall's clock, once the form was valid; ValueError before."""
        if self.data is None:
            message = "an hour that nobody checked"
            raise ValueError(message)
        return self.data


class ClockForm(CommandForm):
    """Something helps only for some hours, and she wants us to keep them in mind."""

    care = RadioField(
        _("What is to be kept in mind?"),
        choices=choices_of(CARE),
        validators=[InputRequired(_("Choose one of these."))],
    )
    happened = HourField(
        _("When did it happen?"),
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        validators=[InputRequired(_("Write the day and the hour, as well as she knows."))],
    )
    whom = StringField(
        _("If there are several: a word by which you know which of them, no name"),
        validators=[Length(max=60)],
    )
    she_wants = BooleanField(_("I asked her, and she wants it kept"))


class ClockEndForm(CommandForm):
    """It is dealt with."""

    how = HiddenField(validators=[Regexp(r"^(done|declined)$")])


class HandOnForm(CommandForm):
    """Who carries it on."""

    to = SelectField(_("Who carries it on?"), choices=[], coerce=person_id, validate_choice=False)
    she_agrees = BooleanField(
        _("If that one was not there: I asked whom it is for, and she agrees")
    )
    at_once = BooleanField(_("Ask now, not only when my hours end"))


class CarryForm(CommandForm):
    """She carries it on, or cannot."""

    act = HiddenField(validators=[Regexp(r"^(yes|no)$")])


class DebriefForm(CommandForm):
    """How it was; how each is stands in fields of its own, named by the person."""

    went_well = TextAreaField(_("What went well?"), validators=[_WORDS])
    went_badly = TextAreaField(_("What did not?"), validators=[_WORDS])
    next_time = TextAreaField(_("What next time?"), validators=[_WORDS])


class LessonForm(CommandForm):
    """What is to change, who sees to it, by when."""

    words = TextAreaField(
        _("What is to change?"), validators=[InputRequired(_("Say what is to change.")), _WORDS]
    )
    tag = SelectField(_("What is it about?"), choices=choices_of(TAGS))
    owner = SelectField(_("Who sees to it?"), choices=[], coerce=person_id, validate_choice=False)
    due_on = DayField(_("By which day?"), validators=[NEED_DAY])


class LessonDoneForm(CommandForm):
    """It was seen to."""

    words = StringField(_("What was done, in a few words"), validators=[Length(max=500)])


class LiftForm(CommandForm):
    """Whose rest is lifted; nobody named is oneself."""

    person = HiddenField(validators=[Regexp(r"^[0-9]{0,18}$")], default="")
