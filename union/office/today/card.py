"""What a first page shows for one role: a sentence with its figure, the one likely next act."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Act:
    """Words on a button, and the page it leads to."""

    label: str
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stamp:
    """One month of a year's dues: its name, and its state (``StampState``)."""

    label: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """The answer to what she came to ask; ``acts`` are offered in their order, the first large."""

    sentence: str
    acts: tuple[Act, ...] = ()
    note: str = ""
    stamps: tuple[Stamp, ...] = ()
