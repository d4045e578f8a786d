"""Monthly fees in a register: figures as money, and the few words people write instead."""

from __future__ import annotations

import re
from dataclasses import dataclass

from union.kernel.money import AmountUnreadableError, parse_amount
from union.members.rules.cells import plain
from union.members.rules.errors import FeeUnreadableError

_WORDS = {
    "nil": 0,
    "zero": 0,
    "free": 0,
    "waived": 0,
    "five": 5,
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "twenty five": 25,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "hundred": 100,
    "ಇಪ್ಪತ್ತು": 20,
    "ಹತ್ತು": 10,
    "ಐವತ್ತು": 50,
    "बीस": 20,
    "दस": 10,
    "पचास": 50,
}
_DRESS = re.compile(r"\b(rs\.?|rupees?|only|one(?= hundred))\b|/-|[.-]")


@dataclass(frozen=True, slots=True)
class FeeReading:
    """A fee per month in minor units, and whether it stood in words."""

    fee_minor: int
    in_words: bool = False


def read_fee(text: str) -> FeeReading:
    """Read a fee ("20", "₹20", "Rs.20/-", ೨೦, "twenty"); else FeeUnreadableError.

    A negative fee is not one.
    """
    try:
        fee_minor = parse_amount(plain(text))
    except AmountUnreadableError as error:
        words = re.sub(r"\s+", " ", _DRESS.sub(" ", plain(text).casefold())).strip()
        if words not in _WORDS:
            raise FeeUnreadableError from error
        return FeeReading(_WORDS[words] * 100, in_words=True)
    if fee_minor < 0:
        raise FeeUnreadableError
    return FeeReading(fee_minor)
