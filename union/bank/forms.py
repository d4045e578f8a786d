"""What the pages of the bank ask for; shapes only."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectMultipleField
from wtforms.fields.datetime import DateField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from union.bank.errors import PayeeUnreadableError
from union.bank.rules.kinds import Kind, fits_side
from union.gateways.bank_files import FIELDS
from union.kernel.errors import UnionError
from union.kernel.ids import new_command_key
from union.ledger.forms.fields import OptionalAmountField
from union.web.forms import CommandForm, choices_of, named_choices
from union.web.words.bank import COLUMNS, KINDS

_NEEDED = InputRequired(_l("This is needed."))

BY_HAND = (
    Kind.DUES,
    Kind.DEPOSIT,
    Kind.WITHDRAWAL,
    Kind.PAYOUT,
    Kind.CHARGE,
    Kind.CARD_FEE,
    Kind.INTEREST,
    Kind.GIFT,
    Kind.OTHER_INCOME,
    Kind.HELD,
    Kind.CARRIED,
)
"""What somebody may say a line is.

Entries, vouchers, files and what a card company took back are chosen from what is proposed.
"""


AS_PROPOSED, KEEP = "as_proposed", "keep"
ALIKE = tuple(kind for kind in BY_HAND if kind not in {Kind.DUES, Kind.HELD, Kind.CARRIED})
"""What several lines can be said to be at once; dues are somebody's, each her own."""


class KeyForm(CommandForm):
    """A button with nothing to fill in."""


class WhyForm(CommandForm):
    """A no with its reason, or a word of one's own taken back (which needs none)."""

    why = TextAreaField(_l("Why not, in a few words"), validators=[Length(max=500)])


class FileForm(CommandForm):
    """A statement."""

    file = FileField(_l("The bank’s file"), validators=[FileRequired(_l("Choose the file."))])


class ColumnsForm(CommandForm):
    """Which heading of a file means what; one choice for each field."""

    def chosen(self) -> dict[str, str]:
        """The headings chosen, by field."""
        return {name: self[name].data for name in FIELDS if self[name].data}

    def offer(self, headings: tuple[str, ...]) -> None:
        """Offer a file's headings in every choice."""
        for name in FIELDS:
            self[name].choices = named_choices(
                [("", "—"), *((one, one) for one in headings if one)]
            )

    def validate_date(self, _field: Field) -> None:
        """A day, a text, and an amount in one of its two ways."""
        has = self.chosen().keys()
        sides = {"debit", "credit"} <= has or "amount" in has
        if not ({"date", "narration"} <= has and sides):
            raise ValidationError(
                _l("A day, what it says, and the money in and out (or one amount) are needed.")
            )


for _name in FIELDS:
    setattr(ColumnsForm, _name, SelectField(COLUMNS[_name], validators=[]))


class AcceptForm(CommandForm):
    """Yes to what was proposed, as it was shown."""

    shown = HiddenField(validators=[Regexp(r"^[0-9a-f]{16}$")])


class DecideForm(CommandForm):
    """What a line is, in somebody's own word."""

    kind = RadioField(_l("What is it?"), choices=choices_of({}), validators=[_NEEDED])
    card = StringField(_l("Whose dues: card number"), validators=[Length(max=40)])
    note = TextAreaField(_l("In a few words, why"), validators=[Length(max=500)])

    def offer(self, amount_minor: int) -> None:
        """Offer what a line of this side can be."""
        self.kind.choices = choices_of(
            {kind: KINDS[kind] for kind in BY_HAND if fits_side(kind, amount_minor)}
        )

    def validate_card(self, field: Field) -> None:
        """Dues are somebody's."""
        if self.kind.data == Kind.DUES and not (field.data or "").strip():
            raise ValidationError(_l("Whose dues? Write the card number."))

    def validate_note(self, field: Field) -> None:
        """What is let wait needs somebody's word."""
        if self.kind.data == Kind.CARRIED and not (field.data or "").strip():
            raise ValidationError(_l("Say why it waits, so that the next one knows."))


class ManyForm(CommandForm):
    """What several lines are, at once: as each is proposed, kept waiting, or all of one kind."""

    lines = SelectMultipleField(
        _l("Which lines"), validators=[InputRequired(_l("Tick at least one line."))]
    )
    what = RadioField(
        _l("What shall be done with what is ticked?"),
        choices=choices_of(
            {
                AS_PROPOSED: _l("Book each as it is proposed"),
                KEEP: _l("Nobody knows yet: keep what came, let wait what went"),
                **{kind: KINDS[kind] for kind in ALIKE},
            }
        ),
        validators=[_NEEDED],
    )
    note = TextAreaField(_l("In a few words, why"), validators=[Length(max=500)])

    def anew(self) -> ManyForm:
        """The same as it was filled in, under a key of its own, for what is left."""
        self.command_key.data = new_command_key()
        return self

    def validate_note(self, field: Field) -> None:
        """What is let wait needs somebody's word."""
        if self.what.data == KEEP and not (field.data or "").strip():
            raise ValidationError(_l("Say why they wait, so that the next one knows."))


class CeilingForm(CommandForm):
    """Up to how much one may call a line a charge alone."""

    line = OptionalAmountField(_l("Of one line, up to"), validators=[_NEEDED])
    month = OptionalAmountField(_l("Of all lines of a month, up to"), validators=[_NEEDED])


class DayForm(CommandForm):
    """On which day."""

    on = DateField(_l("On which day"), validators=[Optional()])


class BatchForm(CommandForm):
    """Which vouchers go into one file."""

    vouchers = SelectMultipleField(
        _l("Pay these"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[InputRequired(_l("Choose at least one."))],
    )


class PayeeForm(CommandForm):
    """Where somebody's money goes."""

    name = StringField(
        _l("Name, as the bank has it"),
        description=_l("In Latin letters, as it stands in her passbook."),
        validators=[_NEEDED, Length(max=40)],
    )
    number = StringField(
        _l("Account number"),
        description=_l("9 to 18 figures."),
        validators=[Optional(), Length(max=24)],
    )
    ifsc = StringField(
        _l("IFSC"),
        description=_l("Four letters, a zero, six letters or figures, like HDFC0000412."),
        validators=[Optional(), Length(max=14)],
    )
    address = StringField(
        _l("Or an address for UPI, like name@bank"), validators=[Optional(), Length(max=80)]
    )

    def say(self, error: UnionError) -> None:
        """A refusal that is about one field stands beside it as well."""
        super().say(error)
        if isinstance(error, PayeeUnreadableError):
            named = self[error.field]
            named.errors = [*named.errors, self.form_errors[-1]]


class AddressForm(CommandForm):
    """Where members pay by UPI."""

    address = StringField(
        _l("Our address for UPI, like name@bank"), validators=[_NEEDED, Length(max=80)]
    )
    payee_name = StringField(
        _l("The name shown beside it"),
        description=_l("Whoever looks over her shoulder reads it. Let it say nothing."),
        validators=[_NEEDED, Length(max=40)],
    )
