"""Jobs that fail with a word in what they say: as ours must never, and as anybody's would."""

from __future__ import annotations

from typing import NoReturn

from tests.canary.planting import MARK

SAID = f"{MARK}66666666"


def fails(*_given: object) -> NoReturn:
    """ValueError, with a word in it."""
    raise ValueError(SAID)
