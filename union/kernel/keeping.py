"""How long a kind of record is kept: the rule as a plain value, and the words of what then happens.

Owns the shape of a rule; never which rules there are, nor a table: each domain says its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

OWN_CHOICE = "the union's own choice"
"""Where no law or standard gives a number."""

EIGHT_YEARS = "Companies Act 2013 s. 128(5), for comparison: books of eight financial years"
THREE_YEARS = "Limitation Act 1963, Schedule, art. 113, for comparison: three years to go to court"


class How(StrEnum):
    """What happens to a record when its time is over."""

    DELETE = "delete"
    """The row goes."""
    FORGET = "forget"
    """The words in it go; that it was, and when, stays."""
    DESTROY_KEY = "destroy_key"
    """The key goes, and with it all that lies under it, in backups too."""
    AGE_OUT = "age_out"
    """The row goes, by the database's own hand alone; its fingerprint stays where it has one."""
    BY_ITSELF = "by_itself"
    """It has a clock or a bound of its own; it is listed here so that the list is whole."""
    KEPT = "kept"
    """It stays."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of record. ``days`` are counted from what ``since`` says, a code.

    ``least`` and ``most`` bound what two people may change ``days`` to; they are the database's,
    too. ``source`` names the law or standard that a number comes from.
    """

    kind: str
    days: int
    since: str
    how: How
    least: int
    most: int
    source: str = OWN_CHOICE

    @property
    def has_hand(self) -> bool:
        """Whether the daily run sees to it."""
        return self.how not in {How.BY_ITSELF, How.KEPT}
