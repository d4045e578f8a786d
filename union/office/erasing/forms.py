"""What is asked about erasing: whose card, how it was asked for, and a plain yes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from union.web.forms import CommandForm, choices_of
from union.web.words.erasing import HOW_AT_OFFICE


class AskForHerForm(CommandForm):
    """Who asked, and how."""

    card = StringField(
        _("The number on her card"),
        validators=[InputRequired(_("Write the number on her card.")), Length(max=40)],
    )
    how = RadioField(
        _("How was it asked for?"),
        choices=choices_of(HOW_AT_OFFICE),
        validators=[InputRequired(_("Choose one of these."))],
    )


class AskMineForm(CommandForm):
    """She means it."""

    sure = BooleanField(
        _("I know that nobody can bring it back."),
        validators=[InputRequired(_("Say that you know this."))],
    )


class PlainForm(CommandForm):
    """One button."""
