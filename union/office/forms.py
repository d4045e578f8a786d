"""The shape of bringing a register in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from union.members.rules.books import FIELDS
from union.web.forms import CommandForm, named_choices
from union.web.words.members import COLUMNS


class BookForm(CommandForm):
    """A file, and under which name its columns are saved."""

    file = FileField(_l("The file (CSV)"), validators=[FileRequired(_l("Choose the file."))])
    mapping = StringField(
        _l("Which book is it?"),
        description=_l("A name for it, so that its next file is read the same way. May be empty."),
        validators=[Optional(), Length(max=60)],
    )


class ColumnsForm(CommandForm):
    """Which heading of a book means what; one choice for each field."""

    mapping = StringField(
        _l("A name for this book"),
        validators=[InputRequired(_l("Write a name for this book.")), Length(max=60)],
    )

    def chosen(self) -> dict[str, str]:
        """The headings chosen, by field."""
        return {name: self[name].data for name in FIELDS if self[name].data}

    def offer(self, heading: tuple[str, ...]) -> None:
        """Offer a file's headings in every choice."""
        for name in FIELDS:
            self[name].choices = named_choices(
                [("", "—"), *((cell, cell) for cell in heading if cell.strip())]
            )


class SecondEntryForm(CommandForm):
    """The card of another entry that may be hers too."""

    card = StringField(
        _l("Card number of the other entry"),
        validators=[InputRequired(_l("Write the card number.")), Length(max=40)],
    )


for _name in FIELDS:
    setattr(ColumnsForm, _name, SelectField(COLUMNS[_name], validators=[Optional()]))
