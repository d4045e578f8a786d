"""The shape of proposing an office."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from union.kernel.actor import Role
from union.web.forms import CommandForm, choices_of, named_choices
from union.web.look import ROLE_WORDS

_OFFICES = {
    "": _l("Choose one of these"),
    **{role.value: words for role, words in ROLE_WORDS.items() if role is not Role.MEMBER},
}


class ProposeForm(CommandForm):
    """Who, which office, and where."""

    who = StringField(
        _l("Her card number, or the name she signs in by"),
        validators=[InputRequired(_l("Write who it is.")), Length(max=80)],
    )
    role = SelectField(
        _l("Which office?"),
        choices=choices_of(_OFFICES),
        validators=[InputRequired(_l("Choose one of these."))],
        default="",
    )
    branch = SelectField(_l("Where?"), validators=[Optional()], default="")

    def offer(self, branches: list[tuple[int, str]]) -> None:
        """Offer the union's branches, the whole union first."""
        self.branch.choices = [
            *choices_of({"": _l("The whole union")}),
            *named_choices((str(number), name) for number, name in branches),
        ]


class EndForm(CommandForm):
    """Only the button."""
