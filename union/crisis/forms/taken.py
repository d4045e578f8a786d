"""The shape of what is written about those taken: the list, where they are, what they need."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from union.crisis.forms.times import NEED_TIME, ClockField
from union.kernel.ids import new_command_key
from union.web.forms import CommandForm, choices_of
from union.web.reasons import WhyFields
from union.web.words.taken import SOURCES, STANDINGS

_WORDS = Length(max=200)
_REF = Regexp(r"^[0-9A-Za-z_-]{1,12}$")


class ListForm(CommandForm):
    """The list as it is typed; ``sheet`` is its own key, the same however often it is sent."""

    sheet = HiddenField(default=new_command_key, validators=[Regexp(r"^[0-9a-f]{32}$")])
    names = TextAreaField(_("Who was taken, one line each"), validators=[Length(max=20000)])


class SaidForm(CommandForm):
    """Something was said, by somebody."""

    source = SelectField(_("Who says so?"), choices=choices_of(SOURCES), default="team")


class MoveForm(SaidForm):
    """Where those who are ticked are now."""

    who = SelectMultipleField(_("Who"), choices=[], validate_choice=False)
    standing = SelectField(_("Where are they?"), choices=choices_of(STANDINGS))
    at = TimeField(_("Since when? Empty: now"), validators=[Optional()])
    where = StringField(_("Which station, court or house"), validators=[_WORDS])
    mistaken = BooleanField(_("What was written before was a mistake"))
    every = HiddenField()


class NameForm(SaidForm):
    """What she is called."""

    name = StringField(
        _("What is she called?"), validators=[InputRequired(_("Write a name or words.")), _WORDS]
    )


class CardForm(SaidForm):
    """Which member she is."""

    card = StringField(
        _("Her card number"), validators=[InputRequired(_("Write her card number."))]
    )


class HourForm(SaidForm):
    """When she was taken."""

    at = ClockField(_("When was she taken?"), validators=[NEED_TIME])


class JourneyForm(SaidForm):
    """How long the road to the court was."""

    minutes = IntegerField(
        _("Minutes on the road to the court"),
        validators=[InputRequired(_("Write the minutes.")), NumberRange(0, 2880)],
    )


class MedicineForm(SaidForm):
    """What she needs, and by when."""

    what = StringField(
        _("What does she need?"), validators=[InputRequired(_("Write what it is.")), _WORDS]
    )
    at = ClockField(_("By when?"), validators=[NEED_TIME])


class RightForm(SaidForm):
    """What was written wrongly, put right."""

    medicine = SelectField(
        _("What was written wrongly?"), choices=[], validate_choice=False, validators=[_REF]
    )
    what = StringField(
        _("What does she need?"), validators=[InputRequired(_("Write what it is.")), _WORDS]
    )
    at = ClockField(_("By when?"), validators=[NEED_TIME])


class GivenForm(CommandForm):
    """She had it, or needs it no more."""

    medicine = HiddenField(validators=[_REF])
    how = HiddenField(validators=[Regexp(r"^(given|not_needed)$")])


class MarkForm(SaidForm):
    """Whether she may be under eighteen; sealed."""

    said = SelectField(
        _("Is she under eighteen?"),
        choices=choices_of({"yes": _("perhaps she is"), "no": _("surely not")}),
    )


class OpenMarkForm(WhyFields, CommandForm):
    """Opening the sealed word, and why."""

    password = PasswordField(
        _("Your opening words"), validators=[InputRequired(_("Write your opening words."))]
    )


class PointForm(CommandForm):
    """Where those who come meet."""

    point = SelectField(_("Where do they meet?"), choices=[], coerce=int)


class SpotForm(CommandForm):
    """A spot that is a meeting point from now on, or no more."""

    spot = HiddenField(validators=[Regexp(r"^[0-9]{1,18}$")])
    on = HiddenField(validators=[Regexp(r"^(yes|no)$")])


class NewSpotForm(CommandForm):
    """A new spot where people meet."""

    name = StringField(
        _("What is it called?"),
        validators=[InputRequired(_("Write its name.")), Length(max=80)],
    )
    also = StringField(_("Written otherwise too, with commas between"), validators=[_WORDS])
