"""The shape of what a named officer writes about somebody who may be a child."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, RadioField
from wtforms.validators import InputRequired, Length, Optional

from union.web.forms import CommandForm, choices_of
from union.web.reasons import WhyFields
from union.web.words.intake import DECISIONS


class OpenSealedForm(WhyFields, CommandForm):
    """Her passphrase opens what was told, once; and why."""

    passphrase = PasswordField(
        _("Your opening words"),
        validators=[InputRequired(_("Write your opening words.")), Length(max=200)],
    )


class DecideForm(CommandForm):
    """What became of it."""

    decision = RadioField(
        _("What became of it?"),
        choices=choices_of(DECISIONS),
        validators=[InputRequired(_("Choose one of these."))],
    )
    passphrase = PasswordField(
        _("Your opening words, if she is grown"), validators=[Optional(), Length(max=200)]
    )
