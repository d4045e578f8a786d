"""The shapes of ending sign-ins."""

from __future__ import annotations

from wtforms import HiddenField
from wtforms.validators import Regexp

from union.web.forms import CommandForm


class EndSignInForm(CommandForm):
    """One of her own sign-ins, by its reference."""

    sign_in = HiddenField(validators=[Regexp(r"^[0-9a-z]{12}$")])


class EndOthersForm(CommandForm):
    """All of her sign-ins but this one."""
