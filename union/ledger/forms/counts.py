"""What is asked for counting a box, seeing a count and settling what it found; shapes only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, IntegerField, RadioField
from wtforms.validators import AnyOf, NumberRange, Optional, Regexp

from union.kernel.money import format_amount
from union.ledger.forms.fields import NEEDED, AmountField
from union.ledger.rules.counting import PIECES_MINOR
from union.web.forms import CommandForm, choices_of

MOST_PIECES = 100_000

ENDS_SHORT = {
    "found": lazy_gettext("The money was found, and lies in the box again"),
    "given_up": lazy_gettext("Nobody finds it: write a voucher that gives it up, for two to sign"),
}
ENDS_OVER = {
    "given_back": lazy_gettext("Given back out of the box to whose it is"),
    "kept": lazy_gettext("Nobody knows whose it is: kept as other income"),
}


class CountFormBase(CommandForm):
    """How many of each note and coin; the book's own figure comes along."""

    book = HiddenField(validators=[Regexp(r"^-?\d{1,15}$")])

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """A page with nothing on it counts nothing: an empty box is said with a nought."""
        if not super().validate(extra_validators):
            return False
        if all(self[f"p{piece}"].data is None for piece in PIECES_MINOR):
            self.form_errors.append(
                gettext("Write how many of each there are. If the box is empty, write one 0.")
            )
            return False
        return True

    def pieces(self) -> dict[int, int]:
        """How many of each, by what one is worth in paise."""
        return {piece: self[f"p{piece}"].data or 0 for piece in PIECES_MINOR}


CountForm: type[CountFormBase] = type(
    "CountForm",
    (CountFormBase,),
    {
        f"p{piece}": IntegerField(
            format_amount(piece), validators=[Optional(), NumberRange(0, MOST_PIECES)]
        )
        for piece in PIECES_MINOR
    },
)


class SeenForm(CommandForm):
    """What another says of a count: right, or not."""

    answer = HiddenField(validators=[AnyOf(["right", "wrong"])])


class EndForm(CommandForm):
    """How a difference ended, and how much of it."""

    how = RadioField(
        lazy_gettext("What came of it"),
        choices=choices_of({**ENDS_SHORT, **ENDS_OVER}),
        validators=[NEEDED],
    )
    amount = AmountField(lazy_gettext("How much of it"), validators=[NEEDED])
