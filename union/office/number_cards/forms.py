"""The shapes of printing a number card and of saying its word."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from union.web.forms import CommandForm


class PrintForm(CommandForm):
    """The wish to print a card; what was printed is shown once."""


class SayWordForm(CommandForm):
    """Before whom one stands, and that it is she."""

    card = StringField(
        lazy_gettext("Her membership card’s number"),
        validators=[InputRequired(lazy_gettext("Write the number of her card.")), Length(max=40)],
    )
    seen = BooleanField(
        lazy_gettext("She stands before me, and I know her"),
        validators=[InputRequired(lazy_gettext("Say so only if it is true: nobody else checks."))],
    )


class VouchForm(CommandForm):
    """Whose voice one knows."""

    card = StringField(
        lazy_gettext("Her membership card’s number"),
        validators=[InputRequired(lazy_gettext("Write the number of her card.")), Length(max=40)],
    )
    known = BooleanField(
        lazy_gettext("I know her voice, and she asked me for this herself"),
        validators=[InputRequired(lazy_gettext("Say so only if it is true: nobody else checks."))],
    )
