"""What is asked for counting, planning and beginning the books; shapes only."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import Form, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional, Regexp

from union.kernel.money import format_amount
from union.ledger.forms.fields import PAPERS, OptionalAmountField, PapersField, PapersForm
from union.ledger.rules.counting import PIECES_MINOR
from union.web.forms import CommandForm

MOST_PIECES = 100_000
YEAR = Regexp(r"^20\d\d$")


class MonthForm(Form):
    """Which month of a book to show; asked by address."""

    month = StringField(lazy_gettext("Month"), validators=[Regexp(r"^\d{4}-\d{2}$")])


class CountFormBase(CommandForm):
    """How many of each note and coin, and who saw it; the book's own figure comes along."""

    book = HiddenField(validators=[Regexp(r"^-?\d{1,15}$")])
    witness = StringField(
        lazy_gettext("Who counted along (her card number, may stay empty)"),
        validators=[Length(max=32)],
    )

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


class BudgetForm(CommandForm):
    """What is planned for one account in one fund."""

    year = HiddenField(validators=[YEAR])
    place = SelectField(lazy_gettext("For what"))
    amount = OptionalAmountField(lazy_gettext("Planned for the whole year"))


class OpeningForm(PapersForm):
    """What the old books ended with: six lines are enough for a small union."""

    papers = PapersField(PAPERS)


for _number in range(1, 9):
    setattr(
        OpeningForm,
        f"place{_number}",
        SelectField(lazy_gettext("Where it lay"), default=""),
    )
    setattr(OpeningForm, f"amount{_number}", OptionalAmountField(lazy_gettext("How much")))
