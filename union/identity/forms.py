"""The shape of signing in."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from union.kernel.errors import UnionError
from union.web.forms import ReadingForm
from union.web.words import in_words


class SignInForm(ReadingForm):
    """Name and password."""

    sign_in_name = StringField(
        lazy_gettext("Name or card number"),
        validators=[InputRequired(lazy_gettext("Write the name you sign in by.")), Length(max=80)],
    )
    password = PasswordField(
        lazy_gettext("Password"),
        validators=[InputRequired(lazy_gettext("Write your password.")), Length(max=200)],
    )

    def say(self, error: UnionError) -> None:
        """Put a refusal in words above the form."""
        self.form_errors.append(in_words(error))
