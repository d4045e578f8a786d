"""The shape of training written down, renewed and ended, and of what is done about drills."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from union.crisis.forms.times import NEED_DAY, DayField
from union.web.forms import CommandForm, choices_of
from union.web.words.rota import ROLES, SHIFTS

_WORDS = Length(max=500)


class TrainingForm(CommandForm):
    """Somebody was trained."""

    card = StringField(
        _("Her card number"), validators=[InputRequired(_("Write her card number."))]
    )
    role = SelectField(_("What for?"), choices=choices_of(ROLES))
    district = SelectField(_("Where does she serve?"), choices=[])
    shift = SelectField(_("When may she be woken?"), choices=choices_of(SHIFTS), default="any")
    starts_on = DayField(_("Trained on"), validators=[NEED_DAY])
    ends_on = DayField(_("Holds until"), validators=[NEED_DAY])
    languages = StringField(_("Languages she speaks, with commas between"), validators=[_WORDS])
    words = StringField(_("By whom, and what was learnt"), validators=[_WORDS])


class PaperForm(CommandForm):
    """One paper of hers: renewed, or ended early."""

    paper = HiddenField(validators=[Regexp(r"^[0-9]{1,18}$")])


class RenewForm(PaperForm):
    """She was trained again."""

    starts_on = DayField(_("Trained on"), validators=[NEED_DAY])
    ends_on = DayField(_("Holds until"), validators=[NEED_DAY])
    words = StringField(_("By whom, and what was learnt"), validators=[_WORDS])


class RevokeForm(PaperForm):
    """It ends early."""

    words = StringField(
        _("Why does it end early?"), validators=[InputRequired(_("Say why.")), _WORDS]
    )


class SwitchForm(CommandForm):
    """Whether practice calls go out every month."""

    act = HiddenField(validators=[Regexp(r"^(on|off)$")])
