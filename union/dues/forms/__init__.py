"""What the pages of dues ask for; shapes only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from union.dues.rules.reading import read_card
from union.dues.rules.sheets import MOST_MINOR
from union.kernel.money import AmountUnreadableError, parse_amount
from union.kernel.periods import Month, MonthUnreadableError
from union.web.formats import month as month_words
from union.web.forms import CommandForm, choices_of, named_choices

_NEEDED = InputRequired(lazy_gettext("This is needed."))

WAIVER_REASONS = {
    "hardship": lazy_gettext("Hard times"),
    "illness": lazy_gettext("Ill"),
    "detained": lazy_gettext("Held by the police or in a home"),
    "holiday": lazy_gettext("Away, with our word"),
}
CATEGORIES = {
    "": lazy_gettext("Everybody without a fee of her own"),
    "woman": lazy_gettext("Women"),
    "trans": lazy_gettext("Trans members"),
    "man": lazy_gettext("Men"),
    "reduced": lazy_gettext("Who pays the reduced fee"),
    "elder": lazy_gettext("Older members"),
}
METHODS = {
    "cash": lazy_gettext("Cash, into the box"),
    "upi": lazy_gettext("By phone (UPI), seen on the bank’s side"),
    "bank": lazy_gettext("Into the bank, slip shown"),
}


class AmountField(StringField):
    """An amount as people write it; ``minor`` is what it says, in paise."""

    minor: int = 0

    def pre_validate(self, _form: object) -> None:
        """Read it; what cannot be read is said beside the field."""
        try:
            self.minor = parse_amount(str(self.data or ""))
        except AmountUnreadableError:
            message = lazy_gettext("Write the amount in figures, like 20 or 20.50.")
            raise ValidationError(message) from None
        if self.minor > MOST_MINOR:
            message = lazy_gettext(
                "That is more than one payment can be (₹1,00,000). Count the noughts."
            )
            raise ValidationError(message)
        if self.minor <= 0:
            raise ValidationError(lazy_gettext("Write an amount above nothing, as it was paid."))


class DayField(DateField):
    """A civil day; ``given`` is what was chosen, once the form was found sound."""

    @property
    def given(self) -> date:
        """The day; ValueError if the form was never asked whether there is one."""
        if self.data is None:
            raise ValueError(self.name)
        return self.data


class FindForm(CommandForm):
    """Whose dues."""

    card = StringField(lazy_gettext("Card number"), validators=[_NEEDED])

    def number(self) -> str:
        """The card number in the union's own spelling."""
        return read_card(str(self.card.data))


class PaymentForm(CommandForm):
    """Money at the desk."""

    amount = AmountField(lazy_gettext("How much she gives"), validators=[_NEEDED])
    method = RadioField(
        lazy_gettext("How"),
        choices=choices_of(METHODS),
        default="cash",
    )
    happened_on = DayField(lazy_gettext("On which day"), validators=[_NEEDED])
    again = BooleanField(lazy_gettext("Yes, she gave it a second time"))
    so_much = BooleanField(lazy_gettext("Yes, I counted it again: she gave so much"))


class SheetForm(CommandForm):
    """A collectors' sheet, and the list of cash handed in if there is one."""

    sheet = FileField(
        lazy_gettext("The collectors' sheet (CSV)"),
        validators=[FileRequired(lazy_gettext("Choose the sheet first."))],
    )
    handovers = FileField(lazy_gettext("The list of cash handed in, if you have it (CSV)"))


class SettleForm(CommandForm):
    """A waiting line as it should have been."""

    card = StringField(lazy_gettext("Card number"), validators=[_NEEDED])
    amount = AmountField(lazy_gettext("What was paid"), validators=[_NEEDED])
    happened_on = DayField(lazy_gettext("On which day"), validators=[_NEEDED])
    receipt_no = IntegerField(
        lazy_gettext("Receipt number"), validators=[Optional(), NumberRange(min=1, max=999_999_999)]
    )


class MonthField(StringField):
    """A month like 2026-10; ``month`` is what it says, None if it was left empty."""

    month: Month | None = None

    def pre_validate(self, _form: object) -> None:
        """Read it; what cannot be read is said beside the field."""
        try:
            self.month = Month.parse(str(self.data)) if self.data else None
        except MonthUnreadableError:
            raise ValidationError(lazy_gettext("Write the month like 2026-10.")) from None

    @property
    def given(self) -> Month:
        """The month; ValueError if the form was never asked whether there is one."""
        if self.month is None:
            raise ValueError(self.name)
        return self.month


class WaiverForm(CommandForm):
    """Months somebody need not pay."""

    from_month = MonthField(lazy_gettext("From which month"), validators=[_NEEDED])
    until_month = MonthField(
        lazy_gettext("Up to which month (may stay empty for illness and detention)")
    )
    reason = RadioField(lazy_gettext("Why"), choices=choices_of(WAIVER_REASONS), default="hardship")
    note = TextAreaField(lazy_gettext("In a few words, if you like"))


class RateForm(CommandForm):
    """A new monthly fee."""

    category = RadioField(lazy_gettext("For whom"), choices=choices_of(CATEGORIES), default="")
    amount = AmountField(lazy_gettext("A month"), validators=[_NEEDED])
    from_month = MonthField(lazy_gettext("From which month"), validators=[_NEEDED])


class KeyForm(CommandForm):
    """A button with nothing to fill in."""


class CountForm(CommandForm):
    """Cash counted with a collector."""

    counted = AmountField(lazy_gettext("Counted together"), validators=[_NEEDED])
    happened_on = DayField(lazy_gettext("On which day"), validators=[_NEEDED])
    whole = BooleanField(lazy_gettext("This is all she has"), default=True)


class MonthForm(CommandForm):
    """Which month to charge."""

    period = SelectField(lazy_gettext("Month"))

    def offer(self, months: Iterable[Month], chosen: Month) -> None:
        """Offer these months, and one of them first."""
        self.period.choices = named_choices((str(one), month_words(one)) for one in months)
        if self.period.data is None:
            self.period.data = str(chosen)
