"""What is asked where the office is locked and brought back: one button, letters, opening words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional

from union.web.forms import CommandForm


class LockForm(CommandForm):
    """Only the button."""


class PaperForm(CommandForm):
    """The letters of a printed paper."""

    slip = PasswordField(
        _("The letters on the paper"),
        validators=[InputRequired(_("Write the letters.")), Length(max=80)],
    )


class HandForm(CommandForm):
    """Her opening words; none are asked where nothing was covered."""

    passphrase = PasswordField(_("Your opening words"), validators=[Optional(), Length(max=200)])


class PutInForm(CommandForm):
    """The figures a trustee told her, and her opening words."""

    figures = StringField(
        _("The sixteen figures a trustee told you"),
        validators=[InputRequired(_("This is needed.")), Length(max=40)],
    )
    passphrase = PasswordField(
        _("Your opening words"),
        validators=[InputRequired(_("This is needed.")), Length(max=200)],
    )
