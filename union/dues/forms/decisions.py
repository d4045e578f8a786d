"""What is asked when rules, waivers, payments taken back, credit and reminders are decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from union.dues.forms import AmountField, DayField, MonthField
from union.kernel.periods import Month
from union.web.formats import month as month_words
from union.web.forms import CommandForm, choices_of, named_choices

_NEEDED = InputRequired(lazy_gettext("This is needed."))
_MOST = 120

PAYS_AS = {
    "woman": lazy_gettext("Women"),
    "trans": lazy_gettext("Trans members"),
    "man": lazy_gettext("Men"),
    "reduced": lazy_gettext("Reduced fee"),
    "elder": lazy_gettext("Older members"),
}
TAKEN_BACK = {
    "wrong_member": lazy_gettext("It was somebody else’s"),
    "wrong_amount": lazy_gettext("The sum was wrong"),
    "twice": lazy_gettext("It was booked twice"),
    "not_received": lazy_gettext("The money never came"),
    "sent_back": lazy_gettext("The bank took it back"),
}
FROM_WHERE = {
    "1110": lazy_gettext("From the bank"),
    "1010": lazy_gettext("From the cash box"),
}


class NumberField(IntegerField):
    """A number between two bounds; ``given`` is what was written, once the form was found sound."""

    def __init__(self, label: str, least: int, most: int, **others: Any) -> None:  # noqa: ANN401  what any WTForms field takes
        """Bound it, and say so in words when it lies outside."""
        said = lazy_gettext("Write a number from %(least)s to %(most)s.", least=least, most=most)
        bounds = NumberRange(min=least, max=most, message=said)
        super().__init__(label, validators=[_NEEDED, bounds], **others)

    @property
    def given(self) -> int:
        """The number; ValueError if the form was never asked whether there is one."""
        if self.data is None:
            raise ValueError(self.name)
        return self.data


class RuleForm(CommandForm):
    """The union's rules of dues from a day on."""

    from_on = DayField(lazy_gettext("From which day"), validators=[_NEEDED])
    join_day = NumberField(lazy_gettext("Who joins up to this day of a month pays it"), 1, 31)
    grace_months = NumberField(lazy_gettext("Months behind that are still in grace"), 0, _MOST)
    suspend_months = NumberField(
        lazy_gettext("From how many months behind suspension is proposed"), 1, _MOST
    )
    lapse_months = NumberField(
        lazy_gettext("From how many months behind a suspended membership lapses"), 2, _MOST
    )
    charge_lapsed = BooleanField(lazy_gettext("Lapsed members are charged all the same"))
    rest_days = NumberField(lazy_gettext("Days of rest after a register came in"), 1, 366)
    first = NumberField(lazy_gettext("First reminder: months behind"), 1, _MOST)
    second = NumberField(lazy_gettext("Second reminder: months behind"), 2, _MOST)
    third = NumberField(lazy_gettext("Third reminder: months behind"), 3, _MOST)


class PaysAsForm(CommandForm):
    """What a member pays as, from a month on."""

    category = RadioField(lazy_gettext("She pays as"), choices=choices_of(PAYS_AS))
    from_month = MonthField(lazy_gettext("From which month"), validators=[_NEEDED])


class EndWaiverForm(CommandForm):
    """The last month somebody is let off."""

    until_month = SelectField(lazy_gettext("The last month that costs her nothing"))

    def offer(self, months: Iterable[Month], never: Month) -> None:
        """These months, or none of them: ``never`` is the month before the first."""
        listed = [(str(one), month_words(one)) for one in months]
        self.until_month.choices = [
            *named_choices(listed),
            *choices_of({str(never): lazy_gettext("None: it was a mistake")}),
        ]


class TakeBackForm(CommandForm):
    """Why a payment is taken back."""

    reason = RadioField(lazy_gettext("What was it?"), choices=choices_of(TAKEN_BACK))
    note = TextAreaField(lazy_gettext("In a few words, if you like"))


class GiveBackForm(CommandForm):
    """How much of her credit goes back, and from where."""

    amount = AmountField(lazy_gettext("How much goes back to her"), validators=[_NEEDED])
    money_account = RadioField(
        lazy_gettext("From where"), choices=choices_of(FROM_WHERE), default="1110"
    )


class SeenForm(CommandForm):
    """A button for what was looked at; ``seen`` is its mark."""

    seen = HiddenField()
