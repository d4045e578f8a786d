"""What one may do with a simulated telephone, in shape."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import AnyOf, Length, Optional, Regexp

ACTS = (
    "answer", "drop", "key", "write", "missed_call", "ring", "on", "off", "seize", "give_back",
)  # fmt: skip


class ActForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """One act on one telephone. It changes nothing of the union's: that goes through the door."""

    act = HiddenField(validators=[AnyOf(ACTS)])
    call = IntegerField(validators=[Optional()])
    key = StringField(validators=[Optional(), Regexp(r"^[0-9*#]$")])
    words = StringField(validators=[Optional(), Length(max=500)])
