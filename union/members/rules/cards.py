"""Card numbers: the pseudonym a member is known by, written one way."""

from __future__ import annotations

import re

from union.kernel.money import western_digits
from union.members.rules.errors import CardUnreadableError

DEFAULT_PREFIX = "KA"
DIGITS = 5

_CARD = re.compile(r"([A-Za-z]{1,4})?\s*[/\-. ]?\s*0*(\d{1,8})")


def read_card(text: str, prefix: str = DEFAULT_PREFIX) -> str:
    """Read a card number as people write it ("KA-245", "ka 00245", "245") as "KA/00245".

    Figures alone belong to ``prefix``. Anything else raises CardUnreadableError.
    """
    match = _CARD.fullmatch(western_digits(text).strip())
    if match is None:
        raise CardUnreadableError
    letters = (match[1] or prefix).upper()
    return f"{letters}/{match[2]:0>{DIGITS}}"
