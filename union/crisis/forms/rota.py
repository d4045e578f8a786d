"""The shape of hours, absences, swaps and wishes as people write them down."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import InputRequired, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from union.crisis.forms.times import NEED_DAY, NEED_TIME, ClockField, DayField
from union.web.forms import CommandForm, choices_of
from union.web.words.rota import WEEKDAYS, ZONES

_NEED_ONE = InputRequired(_("Choose one of these."))


class SureForm(CommandForm):
    """Something that may leave hours without anybody, until she says that she knows."""

    sure = BooleanField(_("I know that nobody could be woken then; ask others."))


class ServesForm(CommandForm):
    """Hours for one of the things she is down for."""

    serves = SelectField(_("What for?"), choices=[], validators=[_NEED_ONE])
    from_time = ClockField(_("From"), validators=[NEED_TIME])
    until_time = ClockField(_("Until"), validators=[NEED_TIME])


class WeeklyForm(ServesForm):
    """The same hours every week."""

    weekdays = SelectMultipleField(
        _("On which days?"),
        choices=choices_of(WEEKDAYS),
        validators=[NEED_DAY],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    zone = SelectField(_("On which clock?"), choices=choices_of(ZONES))
    since_on = DayField(_("First day"), validators=[NEED_DAY])
    until_on = DateField(_("Last day, if there is one"), validators=[Optional()])


class OnceForm(ServesForm):
    """Hours of one time."""

    day = DayField(_("Day"), validators=[NEED_DAY])


class AwayForm(SureForm):
    """From which day until which she is away."""

    first = DayField(_("First day away"), validators=[NEED_DAY])
    last = DayField(_("Last day away"), validators=[NEED_DAY])


class HoursForm(SureForm):
    """One of her hours to come: let it fall away, or ask another to take it."""

    act = HiddenField(default="swap", validators=[Regexp(r"^(out|swap)$")])
    to = SelectField(_("Whom do you ask?"), choices=[])


class AnswerForm(SureForm):
    """What is said to a swap, an offer, weekly hours or an absence."""

    act = HiddenField(default="take", validators=[Regexp(r"^(take|cannot|end)$")])


class WishForm(CommandForm):
    """What she wishes."""

    zone = SelectField(_("The clock you live by"), choices=choices_of(ZONES))
    offers = BooleanField(_("You may ask me when hours are free"))
    at_night = BooleanField(_("A practice call may also come at night"))
