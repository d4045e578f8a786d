"""The shape of steps as a coordinator writes them, and of where and when she tries them out."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from union.crisis.forms.calls import pairs
from union.web.forms import CommandForm, choices_of
from union.web.words.policies import CUSTODY_ENDS, FIRST_WAYS, NEEDED, SEVERITIES, WHO

STEPS_SHOWN = 10
_COUNT = [Optional(), NumberRange(0, 10, _("A number from 0 to 10."))]
_WAIT = [Optional(), NumberRange(15, 600, _("From 15 seconds to ten minutes."))]
HOURS = pairs((hour, f"{hour:02d}:00") for hour in range(24))


def branch_number(written: object) -> int:
    """The district a choice stands for; 0 for none."""
    return int(str(written)) if str(written or "").isdigit() else 0


class StepForm(Form):
    """One step; without a who it is none."""

    who = SelectField(
        _("Who is asked?"), choices=pairs([("", _("no such step")), *WHO.items()]), default=""
    )
    wait_seconds = IntegerField(_("How many seconds may they take?"), validators=_WAIT)
    spare = IntegerField(_("How many more than are missing?"), validators=_COUNT)
    role = SelectField(
        _("For what?"),
        choices=pairs([("", _("for all that is missing")), *NEEDED.items()]),
        default="",
    )
    way = SelectField(_("How are they told?"), choices=choices_of(FIRST_WAYS), default="")


class TryForm(Form):
    """Where and at which hour the steps are tried out, with nobody asked."""

    where = SelectField(_("In which district?"), choices=[], coerce=branch_number)
    hour = SelectField(_("At which hour?"), choices=HOURS, coerce=branch_number)


class PolicyForm(CommandForm):
    """The next version: for which calls, how many must come, the steps, and why."""

    act = HiddenField(default="keep", validators=[Regexp(r"^(keep|try)$")])
    seen = HiddenField(validators=[Regexp(r"^[0-9]{0,6}$")])
    severity = SelectField(
        _("For which calls?"), choices=pairs([("", _("all of these")), *SEVERITIES.items()])
    )
    district = SelectField(_("Where?"), choices=[], coerce=branch_number)
    responder = IntegerField(_("How many must go there?"), validators=_COUNT)
    paralegal = IntegerField(_("How many for the law?"), validators=_COUNT)
    counsellor = IntegerField(_("How many to talk with her?"), validators=_COUNT)
    steps = FieldList(FormField(StepForm), min_entries=STEPS_SHOWN, max_entries=12)
    words = TextAreaField(_("Why is it changed?"), validators=[Length(max=500)])
    where = SelectField(_("In which district?"), choices=[], coerce=branch_number)
    hour = SelectField(_("At which hour?"), choices=HOURS, coerce=branch_number)


class EndPolicyForm(CommandForm):
    """From now on the wider steps hold."""

    seen = HiddenField(validators=[Regexp(r"^[0-9]{1,6}$")])
    words = StringField(
        _("Why does it end?"), validators=[InputRequired(_("Say why.")), Length(max=500)]
    )


class CustodyForm(CommandForm):
    """Since when she is held, or that she is not any more."""

    act = HiddenField(validators=[Regexp(rf"^(said|{'|'.join(CUSTODY_ENDS)})$")])
    taken_on = DateField(_("On which day was she taken?"), validators=[Optional()])
    taken_time = TimeField(_("At what time?"), validators=[Optional()])
