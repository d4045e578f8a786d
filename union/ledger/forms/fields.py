"""Fields that the pages of the books share: an amount, a day, papers."""

from __future__ import annotations

from datetime import date
from typing import IO, Any

from flask_babel import lazy_gettext
from flask_wtf.file import MultipleFileField
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, ValidationError

from union.kernel.money import AmountUnreadableError, parse_amount
from union.web.forms import CommandForm

MOST_MINOR = 10**12
"""A thousand crore rupees: beyond it somebody's finger slipped."""

NEEDED = InputRequired(lazy_gettext("This is needed."))
PAPERS = lazy_gettext("Papers (pictures or PDF, eight at most)")


class AmountField(StringField):
    """An amount as people write it; ``minor`` is what it says, in paise."""

    minor: int = 0
    least_minor = 1

    def pre_validate(self, _form: object) -> None:
        """Read it; what cannot be read is said beside the field."""
        try:
            self.minor = parse_amount(str(self.data or "").strip() or "0")
        except AmountUnreadableError:
            message = lazy_gettext("Write the amount in figures, like 20 or 20.50.")
            raise ValidationError(message) from None
        if not self.least_minor <= self.minor <= MOST_MINOR:
            raise ValidationError(lazy_gettext("Look at the amount again."))


class OptionalAmountField(AmountField):
    """An amount that may be left out, which is nought."""

    least_minor = 0


class PapersField(MultipleFileField):  # type: ignore[misc]  # Flask-WTF carries no types
    """Files as they came, each a stream in memory."""

    @property
    def streams(self) -> list[IO[bytes]]:
        """Those that were chosen."""
        return [one.stream for one in self.data or () if getattr(one, "filename", "")]


class PapersForm(CommandForm):
    """A form with papers; they count by name for telling a repeat."""

    def content(self) -> dict[str, Any]:
        """What was asked; files stand by their names."""
        content = super().content()
        for name, value in content.items():
            if isinstance(self[name], PapersField):
                content[name] = [getattr(one, "filename", "") for one in value or ()]
        return content


class DayField(DateField):
    """A civil day; ``given`` is what was chosen, once the form was found sound."""

    @property
    def given(self) -> date:
        """The day; ValueError if the form was never asked whether there is one."""
        if self.data is None:
            raise ValueError(self.name)
        return self.data
