"""The shapes of signing in, and of proving the same once more."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from union.kernel.errors import UnionError
from union.web.forms import ReadingForm
from union.web.words import in_words

_PASSWORD = lazy_gettext("Password")
_CODE = lazy_gettext("Code from your telephone")
_NO_PASSWORD = lazy_gettext("Write your password.")
_NO_CODE = lazy_gettext("Write the code, or one of your recovery sheet.")


class DoorForm(ReadingForm):
    """What every door's form can do: say a refusal, and forget what is never sent back."""

    def say(self, error: UnionError) -> None:
        """Put a refusal in words above the form."""
        self.form_errors.append(in_words(error))


class SignInForm(DoorForm):
    """Name, password and code, all at once: nobody is ever half signed in."""

    sign_in_name = StringField(
        lazy_gettext("Name or card number"),
        validators=[InputRequired(lazy_gettext("Write the name you sign in by.")), Length(max=80)],
    )
    password = PasswordField(_PASSWORD, validators=[InputRequired(_NO_PASSWORD), Length(max=200)])
    code = StringField(_CODE, validators=[InputRequired(_NO_CODE), Length(max=40)])


class ProveForm(DoorForm):
    """Password and code once more."""

    password = PasswordField(_PASSWORD, validators=[InputRequired(_NO_PASSWORD), Length(max=200)])
    code = StringField(_CODE, validators=[InputRequired(_NO_CODE), Length(max=40)])
