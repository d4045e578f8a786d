"""Money is a whole number of minor units (paise); it is read and written here, never rounded."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from union.kernel.errors import UnionError

MINOR_PER_MAJOR = 100
_SYMBOLS = {"INR": "₹"}
_DRESS = re.compile(r"(₹|rs\.?|inr|rupees?|/-|/=)", re.IGNORECASE)
_PLAIN = re.compile(r"-?\d+(\.\d{1,2})?")
_GROUPED = re.compile(r"-?\d{1,3}(,\d{2,3})*,\d{3}(\.\d{1,2})?")


class AmountUnreadableError(UnionError):
    """An amount is figures, perhaps with ₹ or Rs. around them."""

    code = "amount_unreadable"


def parse_amount(text: str) -> int:
    """Read an amount as people write it ("₹20", "Rs.20/-", "1,200.50", ೨೦) into minor units.

    Figures of any Indian script are read. Words, letters among the figures, more than two
    decimals and empty text raise AmountUnreadableError; a minus sign is kept.
    """
    bare = _DRESS.sub("", western_digits(text)).strip().replace(" ", "")
    if not (_PLAIN.fullmatch(bare) or _GROUPED.fullmatch(bare)):
        raise AmountUnreadableError
    try:
        return int(Decimal(bare.replace(",", "")) * MINOR_PER_MAJOR)
    except InvalidOperation as error:
        raise AmountUnreadableError from error


def format_amount(amount_minor: int, currency: str = "INR") -> str:
    """Write minor units as people read them: "₹1,24,000", "−₹20.50"; no paise if none."""
    major, minor = divmod(abs(amount_minor), MINOR_PER_MAJOR)
    sign = "−" if amount_minor < 0 else ""
    tail = f".{minor:02d}" if minor else ""
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{symbol}{_indian_groups(major)}{tail}"


def as_typed(amount_minor: int) -> str:
    """Write minor units as they are typed into a field, to be read back by ``parse_amount``.

    "1234", "1234.50", "-20.05"; nothing at all for nought, so that the field stays empty.
    """
    if amount_minor == 0:
        return ""
    major, minor = divmod(abs(amount_minor), MINOR_PER_MAJOR)
    return f"{'-' if amount_minor < 0 else ''}{major}{f'.{minor:02d}' if minor else ''}"


def grouped(number: int) -> str:
    """A whole number as people here read it, in every language: "1,171", "1,24,000", "−12"."""
    return f"{'−' if number < 0 else ''}{_indian_groups(abs(number))}"


def western_digits(text: str) -> str:
    """The text with the decimal digits of every script written 0 to 9."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)


def _indian_groups(major: int) -> str:
    figures = str(major)
    head, tail = figures[:-3], figures[-3:]
    groups: list[str] = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*groups, tail])
