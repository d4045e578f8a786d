"""What one may do with a simulated telephone, and what she says of being reached, in shape."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, PasswordField, SelectField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, Optional, Regexp

from union.web.forms import CommandForm, ReadingForm, choices_of
from union.web.words.messages import NO_MORE, NOTHING, WAYS

ACTS = (
    "answer", "drop", "key", "wait", "write", "missed_call", "ring", "on", "off",
    "seize", "give_back",
)  # fmt: skip


class ActForm(ReadingForm):
    """One act on one telephone. It changes nothing of the union's: that goes through the door."""

    act = HiddenField(validators=[AnyOf(ACTS)])
    call = IntegerField(validators=[Optional()])
    key = StringField(validators=[Optional(), Regexp(r"^[0-9*#]$")])
    words = StringField(validators=[Optional(), Length(max=500)])


class _OwnPasswordForm(CommandForm):
    """Something about being reached that she says again with her own password."""

    passphrase = PasswordField(
        _l("Your own password, or your second word if you open by a card"),
        validators=[
            InputRequired(_l("Write it, so that nobody else changes this.")),
            Length(max=200),
        ],
    )


class OrderForm(_OwnPasswordForm):
    """In which order she is told."""

    first = SelectField(_l("First by"), choices=choices_of(WAYS))
    second = SelectField(_l("Then by"), choices=choices_of(NO_MORE | WAYS))
    third = SelectField(_l("Then by"), choices=choices_of(NO_MORE | WAYS))
    fourth = SelectField(_l("Then by"), choices=choices_of(NO_MORE | WAYS))

    def ways(self) -> list[str]:
        """The ways she named, the first first."""
        named = (self.first.data, self.second.data, self.third.data, self.fourth.data)
        return [str(way) for way in named if way]


class OrdinaryOrderForm(OrderForm):
    """As OrderForm, for what can wait; there she may want nothing at all."""

    first = SelectField(_l("First by"), choices=choices_of(NOTHING | WAYS))


class DeviceForm(_OwnPasswordForm):
    """The browser in her hand, as it gave itself to the page's script."""

    endpoint = HiddenField(validators=[InputRequired(), Length(max=1000)])
    p256dh = HiddenField(validators=[InputRequired(), Length(max=200)])
    auth = HiddenField(validators=[InputRequired(), Length(max=100)])
    label = StringField(_l("What you call this phone"), validators=[Optional(), Length(max=40)])


class MailboxForm(_OwnPasswordForm):
    """A mailbox of hers."""

    address = StringField(
        _l("Address"), validators=[InputRequired(_l("Write the address.")), Length(max=254)]
    )


class EndPlaceForm(_OwnPasswordForm):
    """A browser or a mailbox that is to be used no more."""


class TryForm(CommandForm):
    """Have herself rung; `way` is one way, or empty for all she has."""

    way = HiddenField(validators=[AnyOf(("", *WAYS))])


class HeardForm(CommandForm):
    """That a trial reached her."""
