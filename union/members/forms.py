"""The shape of what is written into the register."""

from __future__ import annotations

from datetime import date, time

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from union.kernel.errors import UnionError
from union.members.rules.errors import DateUnreadableError
from union.web.forms import CommandForm, ReadingForm, choices_of
from union.web.reasons import WhyFields
from union.web.words import in_words
from union.web.words.members import CATEGORIES, CHANNELS, LANGUAGES

_SHORT = Length(max=120)
_DATES = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]


class FindForm(ReadingForm):
    """Words to find members by; sent by POST, for a number has no place in an address."""

    words = StringField(
        _l("Card number, telephone number, or what she is called"),
        validators=[
            InputRequired(_l("Write a card number, a telephone number or a name.")),
            _SHORT,
        ],
    )
    branch = HiddenField()


class OpenForm(WhyFields, ReadingForm):
    """Why it is opened, and the reader's own opening words."""

    passphrase = PasswordField(
        _l("Your opening words"),
        validators=[InputRequired(_l("Write your opening words.")), Length(max=200)],
    )

    def say(self, error: UnionError) -> None:
        """Put a refusal in words above the form."""
        self.form_errors.append(in_words(error))


class PhoneForm(CommandForm):
    """Another number of hers."""

    number = StringField(
        _l("Telephone number"),
        validators=[InputRequired(_l("Write the number in figures, ten of them.")), _SHORT],
    )
    first = RadioField(
        _l("When to use it"),
        choices=choices_of(
            {"first": _l("Before the others"), "last": _l("Only if the others fail")}
        ),
        default="first",
    )


class WishForm(CommandForm):
    """When and how she may be reached."""

    channels = SelectMultipleField(
        _l("How may we reach her?"),
        choices=choices_of(CHANNELS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired(_l("Tick at least one way."))],
    )
    not_before = TimeField(_l("Not before"), validators=[Optional()])
    not_after = TimeField(_l("Not after"), validators=[Optional()])
    ask_for = StringField(_l("Ask for"), validators=[Optional(), _SHORT])
    wish = TextAreaField(_l("In her own words"), validators=[Optional(), Length(max=400)])

    def hours(self) -> tuple[time | None, time | None]:
        """Between which hours; None where there is no bound."""
        return self.not_before.data, self.not_after.data


class DayForm(CommandForm):
    """A change that counts from a day."""

    on = DateField(
        _l("From which day?"), format=_DATES, validators=[InputRequired(_l("Choose the day."))]
    )

    def day(self) -> date:
        """The day, which a valid form holds."""
        if self.on.data is None:
            raise DateUnreadableError
        return self.on.data


class TransferForm(DayForm):
    """From when she belongs to which branch; the choices are set by the page."""

    branch = SelectField(_l("To which branch?"))


class PersonForm(CommandForm):
    """What the register knows of her besides numbers and money."""

    called = StringField(_l("Called"), validators=[Optional(), _SHORT])
    category = SelectField(_l("Category"), choices=choices_of({"": _l("not asked"), **CATEGORIES}))
    languages = SelectMultipleField(
        _l("Languages"),
        choices=choices_of(LANGUAGES),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    place = StringField(_l("Place"), validators=[Optional(), _SHORT])
    nominee = StringField(_l("Nominee"), validators=[Optional(), _SHORT])
    remarks = TextAreaField(_l("Remarks"), validators=[Optional(), Length(max=1000)])


class EndForm(DayForm):
    """That she has left or died, and since when."""

    state = RadioField(
        _l("What happened?"),
        choices=choices_of({"left": _l("She has left the union"), "died": _l("She has died")}),
        validators=[InputRequired(_l("Choose what happened."))],
    )


class BackForm(DayForm):
    """That she is with us again, since when, and how it came."""

    reason = TextAreaField(
        _l("How did it come?"),
        description=_l("It is kept with her entry. Only who keeps the register reads it."),
        validators=[InputRequired(_l("Write in a few words how it came.")), Length(max=400)],
    )


class MistakeForm(CommandForm):
    """That it was never so, and why it was written."""

    reason = TextAreaField(
        _l("How did the mistake happen?"),
        description=_l("It is kept with her entry. Only who keeps the register reads it."),
        validators=[
            InputRequired(_l("Write in a few words how it happened.")),
            Length(max=400),
        ],
    )


class CardForm(CommandForm):
    """A card number for her; left empty, the next free one is given."""

    number = StringField(_l("Card number"), validators=[Optional(), _SHORT])


class PlainForm(CommandForm):
    """A button and nothing to fill in."""
