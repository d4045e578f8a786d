"""The shapes of setting one's own secrets, and of seeing another who did."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from union.identity.forms.signing import DoorForm
from union.identity.rules.secrets import LONGEST

_AGAIN = lazy_gettext("The two differ. Write it once more.")


class SlipForm(DoorForm):
    """What stands on her slip of paper."""

    slip = StringField(
        lazy_gettext("The letters on your slip"),
        validators=[InputRequired(lazy_gettext("Write what stands on your slip.")), Length(max=60)],
    )


class SecretsForm(DoorForm):
    """A password of her own, and a first code of her telephone."""

    password = PasswordField(
        lazy_gettext("A password of your own"),
        validators=[InputRequired(lazy_gettext("Choose a password.")), Length(max=LONGEST)],
    )
    password_again = PasswordField(
        lazy_gettext("The same once more"), validators=[EqualTo("password", _AGAIN)]
    )
    code = StringField(
        lazy_gettext("Code from your telephone"),
        validators=[InputRequired(lazy_gettext("Write the six digits it shows.")), Length(max=40)],
    )


class PasswordForm(DoorForm):
    """Another password of her own."""

    password = PasswordField(
        lazy_gettext("Your present password"),
        validators=[InputRequired(lazy_gettext("Write your password.")), Length(max=LONGEST)],
    )
    new_password = PasswordField(
        lazy_gettext("Another password"),
        validators=[InputRequired(lazy_gettext("Choose a password.")), Length(max=LONGEST)],
    )
    new_password_again = PasswordField(
        lazy_gettext("The same once more"), validators=[EqualTo("new_password", _AGAIN)]
    )


class OtherPasswordForm(DoorForm):
    """A password for when she is made to open her office."""

    new_password = PasswordField(
        lazy_gettext("The other password"),
        validators=[InputRequired(lazy_gettext("Choose a password.")), Length(max=LONGEST)],
    )
    new_password_again = PasswordField(
        lazy_gettext("The same once more"), validators=[EqualTo("new_password", _AGAIN)]
    )


class NoOtherPasswordForm(DoorForm):
    """The wish to have no other password any more."""


class TelephoneForm(DoorForm):
    """A first code of another telephone."""

    code = StringField(
        lazy_gettext("Code from your new telephone"),
        validators=[InputRequired(lazy_gettext("Write the six digits it shows.")), Length(max=40)],
    )


class SheetForm(DoorForm):
    """A new recovery sheet; nothing is asked for it."""


class SeenForm(DoorForm):
    """Whom she has seen, and the digits that were read out to her."""

    sign_in_name = StringField(
        lazy_gettext("The name she signs in by"),
        validators=[InputRequired(lazy_gettext("Write her name.")), Length(max=80)],
    )
    digits = StringField(
        lazy_gettext("The six digits on her screen"),
        validators=[InputRequired(lazy_gettext("Write the digits she reads out.")), Length(max=12)],
    )


class OtherWordsForm(DoorForm):
    """Her opening words of before, and those she takes instead."""

    passphrase_before = PasswordField(
        lazy_gettext("Your opening words of before"),
        validators=[InputRequired(lazy_gettext("Write your opening words.")), Length(max=LONGEST)],
    )
    passphrase = PasswordField(
        lazy_gettext("Other opening words"),
        validators=[InputRequired(lazy_gettext("Choose your words.")), Length(max=LONGEST)],
    )
    passphrase_again = PasswordField(
        lazy_gettext("The same once more"), validators=[EqualTo("passphrase", _AGAIN)]
    )


class OpeningWordsForm(DoorForm):
    """Words that open what is sealed to her, and nothing else."""

    passphrase = PasswordField(
        lazy_gettext("Your opening words"),
        validators=[InputRequired(lazy_gettext("Choose your words.")), Length(max=LONGEST)],
    )
    passphrase_again = PasswordField(
        lazy_gettext("The same once more"), validators=[EqualTo("passphrase", _AGAIN)]
    )
