"""The slip of paper by which somebody sets her own secrets: how it is made and read."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from union.kernel.ids import ALPHABET

SLIP_LASTS = timedelta(hours=72)
SLIP_LETTERS = 24
"""A hundred and twenty bits."""

GROUP = 4
NEW_SECRETS_WAIT = timedelta(hours=24)
"""After her secrets were lost and set anew, her notebook opens no more than dues for a day."""

_BETWEEN = re.compile(r"[\s\-]+")
_LOOKALIKES = str.maketrans("oil", "011")


def new_slip() -> str:
    """The letters of a slip, in groups as they are printed."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(SLIP_LETTERS)).upper()
    return "-".join(letters[at : at + GROUP] for at in range(0, SLIP_LETTERS, GROUP))


def read_slip(text: str) -> str:
    """The letters as they are looked up, however they were typed."""
    return _BETWEEN.sub("", text).casefold().translate(_LOOKALIKES)
