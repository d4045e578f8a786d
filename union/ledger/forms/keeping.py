"""What is asked for planning and beginning the books; shapes only."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import Form, HiddenField, SelectField, StringField
from wtforms.validators import Regexp

from union.ledger.forms.fields import PAPERS, OptionalAmountField, PapersField, PapersForm
from union.web.forms import CommandForm

YEAR = Regexp(r"^20\d\d$")


class MonthForm(Form):
    """Which month of a book to show; asked by address."""

    month = StringField(lazy_gettext("Month"), validators=[Regexp(r"^\d{4}-\d{2}$")])


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
