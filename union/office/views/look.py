"""The sheet of parts that pages are made of, with made-up figures; only in a demonstration."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField

from union.kernel.errors import NotFoundError
from union.office.views.home import blueprint
from union.web.current import kit
from union.web.forms import ReadingForm, choices_of
from union.web.render import page


class SampleForm(ReadingForm):
    """One field of every kind; nobody ever sends it."""

    amount = StringField("How much did she give?")
    phone = StringField("Her phone", description="Only if she wants to be reached there.")
    digits = StringField("Your two digits")
    place = SelectField("District", choices=choices_of({"mysuru": "Mysuru", "kolar": "Kolar"}))
    how = RadioField(
        "How was it paid?",
        choices=choices_of({"cash": "Cash in hand", "upi": "By phone", "card": "Card"}),
        default="cash",
    )
    note = TextAreaField("Anything to remember")
    sure = BooleanField("She has her stamped card with her")


@blueprint.get("/look")
def look() -> str:
    """Every part on one page; NotFoundError where real people are kept."""
    if not kit().showcase:
        raise NotFoundError
    form = SampleForm(amount="forty")
    form.amount.errors = [
        "“forty” could not be read as an amount. Write it in figures, like 40 or 40.50."
    ]
    return page("components.html", form=form)


@blueprint.get("/look/night")
def look_night() -> str:
    """The dark room with one lamp; NotFoundError where real people are kept."""
    if not kit().showcase:
        raise NotFoundError
    return page("components/board.html")
