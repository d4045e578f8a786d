"""What the pages of rounds, books, hand-overs and questions ask for; shapes only."""

from __future__ import annotations

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from typing import Any

from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from union.dues.forms import AmountField, DayField
from union.dues.rules.phone_lines import MOST_SEALED_BYTES, SentLine
from union.kernel.ids import new_command_key
from union.web.forms import CommandForm, choices_of

_NEEDED = InputRequired(lazy_gettext("This is needed."))
_NUMBER = NumberRange(min=1, max=999_999_999)
MOST_ROWS = 200
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

HOW_SHORT = {
    "brought": lazy_gettext("She brought it"),
    "given_up": lazy_gettext("Give it up: a voucher is written for two to approve"),
}
HOW_OVER = {
    "given_back": lazy_gettext("Given back to her"),
    "kept": lazy_gettext("Nobody knows whose it is: kept as other income"),
}
ANSWERS = {
    "agrees": lazy_gettext("Yes, she paid that"),
    "differs": lazy_gettext("She says another sum, or that she paid nothing"),
    "not_known": lazy_gettext("She does not remember"),
    "not_reached": lazy_gettext("Not reached yet"),
}


class MaybeAmountField(AmountField):
    """An amount that may be left out; ``minor`` is 0 then."""

    def pre_validate(self, form: object) -> None:
        """Read it if something stands there; "0" is nothing."""
        if str(self.data or "").strip() not in {"", "0"}:
            super().pre_validate(form)


class IssueBookForm(CommandForm):
    """A receipt book handed out."""

    card = StringField(lazy_gettext("Card number of the collector"), validators=[_NEEDED])
    first_no = IntegerField(lazy_gettext("First number"), validators=[_NEEDED, _NUMBER])
    last_no = IntegerField(lazy_gettext("Last number"), validators=[_NEEDED, _NUMBER])
    issued_on = DayField(lazy_gettext("On which day"), validators=[_NEEDED])


class ReturnBookForm(CommandForm):
    """A receipt book brought back."""

    unused_from = IntegerField(
        lazy_gettext("First white receipt (if all are used: the number after the last)"),
        validators=[_NEEDED, _NUMBER],
    )


class RoundMemberForm(CommandForm):
    """Somebody put on a round, or taken off it."""

    card = StringField(lazy_gettext("Card number"), validators=[_NEEDED])


class WriteReceiptForm(CommandForm):
    """A receipt written on the ordinary page, with signal."""

    card = StringField(lazy_gettext("Card number"), validators=[_NEEDED])
    amount = AmountField(lazy_gettext("How much she gives"), validators=[_NEEDED])
    receipt_no = IntegerField(lazy_gettext("Receipt number"), validators=[_NEEDED, _NUMBER])


class PhoneForm(CommandForm):
    """Which phone it is."""

    phone = StringField(validators=[_NEEDED, Length(max=12)])


class SyncForm(CommandForm):
    """What a phone sends: its reference and its lines, as JSON of keys and what is sealed."""

    phone = StringField(validators=[_NEEDED, Length(max=12)])
    lines = StringField(validators=[_NEEDED])

    sent: tuple[SentLine, ...] = ()

    def validate_lines(self, field: StringField) -> None:
        """Read them; anything else than keys and sealed lines is refused whole."""
        try:
            self.sent = tuple(_sent(one) for one in json.loads(str(field.data)))
        except (TypeError, KeyError, ValueError, RecursionError, binascii.Error):
            raise ValidationError(lazy_gettext("This cannot be read.")) from None


class SignOtherForm(CommandForm):
    """The second hand that does not agree."""

    said = AmountField(lazy_gettext("How much you handed over"), validators=[_NEEDED])


class DifferenceForm(CommandForm):
    """How a difference ends."""

    how = RadioField(
        lazy_gettext("What came of it"),
        choices=choices_of({**HOW_SHORT, **HOW_OVER}),
        validators=[_NEEDED],
    )
    amount = AmountField(lazy_gettext("How much of it"), validators=[_NEEDED])


class SaidPaidForm(CommandForm):
    """What she says she paid."""

    amount = AmountField(lazy_gettext("How much"), validators=[_NEEDED])
    happened_on = DayField(lazy_gettext("On which day, as near as you know"), validators=[_NEEDED])
    collector = StringField(lazy_gettext("To whom: her card number, if you know it"))
    receipt_no = IntegerField(
        lazy_gettext("The receipt’s number, if you have it"), validators=[Optional(), _NUMBER]
    )
    words = TextAreaField(
        lazy_gettext("Anything that helps to find it"), validators=[Length(max=1000)]
    )


class FoundForm(CommandForm):
    """Under which receipt it stands."""

    receipt = StringField(validators=[_NEEDED])


class SampleForm(CommandForm):
    """A draw of receipts."""

    from_on = DayField(lazy_gettext("From which day"), validators=[_NEEDED])
    until_on = DayField(lazy_gettext("Up to which day"), validators=[_NEEDED])
    wanted = IntegerField(
        lazy_gettext("How many receipts"),
        default=10,
        validators=[_NEEDED, NumberRange(min=1, max=500)],
    )


class AnswerForm(CommandForm):
    """What she said when she was asked."""

    answer = RadioField(
        lazy_gettext("What she says"), choices=choices_of(ANSWERS), validators=[_NEEDED]
    )
    said = MaybeAmountField(lazy_gettext("If another sum: how much (0 if she says nothing)"))


@dataclass(frozen=True, slots=True)
class TypedRow:
    """One row of a paper sheet as it was typed; ``number`` counts from 1."""

    number: int
    receipt: str = ""
    day: str = ""
    card: str = ""
    amount: str = ""

    @property
    def filled(self) -> bool:
        """Whether anything but the receipt's number and the day, which run on, stands in it."""
        return bool(self.card or self.amount)


class TypedForm(CommandForm):
    """A paper sheet; its lines come as fields of their own, row by row."""

    total = MaybeAmountField(lazy_gettext("Sum written under the paper, if there is one"))
    leave = BooleanField(lazy_gettext("Book what is clear; the rest waits in the list"))

    rows: tuple[TypedRow, ...] = ()

    def read_rows(self, sent: Mapping[str, str], least: int) -> None:
        """The rows as they were sent, and white ones up to ``least``; a day runs on downward."""
        many = max(least, min(_count(sent.get("rows", "")), MOST_ROWS))
        rows, day = [], ""
        for number in range(1, many + 1):
            cells = [
                sent.get(f"{name}-{number}", "").strip()[:40]
                for name in ("receipt", "day", "card", "amount")
            ]
            row = TypedRow(number, *cells)
            day = row.day or day
            rows.append(replace(row, day=row.day or (day if row.filled else "")))
        self.rows = tuple(rows)

    @property
    def next_white(self) -> int:
        """The number of the first row in which nothing stands yet."""
        filled = [row.number for row in self.rows if row.filled]
        return min(max(filled, default=0) + 1, len(self.rows))

    def go_on(self) -> None:
        """One more row where the last is filled, as far as a sheet can be long."""
        last = self.rows[-1]
        if last.filled and last.number < MOST_ROWS:
            self.rows = (*self.rows, TypedRow(last.number + 1))

    def begin_again(self) -> None:
        """What was typed could not be booked as it is: it is sent again under a fresh key."""
        self.command_key.data = new_command_key()

    def content(self) -> dict[str, Any]:
        """As of every form, with the rows."""
        return {**super().content(), "rows": [astuple(row) for row in self.rows]}


def _count(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _sent(one: dict[str, str]) -> SentLine:
    key, sealed = one["key"], b64decode(one["sealed"], validate=True)
    if not _KEY.fullmatch(key) or len(sealed) > MOST_SEALED_BYTES:
        raise ValueError(key)
    return SentLine(key, sealed)
