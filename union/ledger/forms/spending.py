"""What is asked of whoever writes a voucher by hand; shapes only."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from union.ledger.forms.fields import NEEDED, PAPERS, AmountField, PapersField, PapersForm
from union.web.forms import choices_of

CARD, KNOWN, NEW = "card", "known", "new"
WHO = {
    KNOWN: lazy_gettext("Somebody we paid before"),
    NEW: lazy_gettext("Somebody new, outside the union"),
    CARD: lazy_gettext("A member, by her card"),
}


class SpendingForm(PapersForm):
    """A voucher: to whom, how much, for what, from where, and what shows it."""

    who = RadioField(
        lazy_gettext("Who is paid"),
        choices=choices_of(WHO),
        default=KNOWN,
    )
    payee = SelectField(lazy_gettext("Paid before"), validate_choice=False)
    name = StringField(lazy_gettext("Name of somebody new"), validators=[Length(max=120)])
    card = StringField(lazy_gettext("Card number"), validators=[Length(max=32)])
    amount = AmountField(lazy_gettext("How much"), validators=[NEEDED])
    what = SelectField(lazy_gettext("For what"), validators=[NEEDED])
    money = SelectField(lazy_gettext("Taken from"), validators=[NEEDED])
    words = TextAreaField(
        lazy_gettext("In words, for those who sign"), validators=[NEEDED, Length(max=2000)]
    )
    papers = PapersField(PAPERS)
