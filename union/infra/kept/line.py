"""What one line of the register says: a column, how it is closed, whose it is, under which key.

Owns the words of the register and nothing that is kept; it asks no table and opens nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """How a column is closed."""

    SEALED = "sealed"
    """For the people of a circle or room, and under its subject's key too; no machine opens it."""
    CLOSED = "closed"
    """Under its subject's key: the machine opens it, whoever has the database alone does not."""
    KEYLESS = "keyless"
    """Under a secret that is kept nowhere here."""
    HASHED = "hashed"
    """Only ever compared."""
    PUBLIC = "public"
    """The half that may be seen: public keys, signatures, hashes of what is shown anyway."""
    CODE = "code"
    """Codes, numbers and references that the program itself writes."""
    OPEN = "open"
    """What people wrote or chose, in the open, for the reason its line gives."""


class Whose(StrEnum):
    """Whose it is: by whose key it goes when it must go."""

    HER = "her"
    CALL = "call"
    CASE = "case"
    FILE = "file"
    UNION = "union"


@dataclass(frozen=True, slots=True)
class Kept:
    """One column. ``place`` is "table.column".

    ``key`` is the way to the key it lies under, by the columns that lead there:
    "claim_id.key_ref" is the key of the claim of the row. ``why`` says why it may lie open.
    ``closed_as`` is the place named at the closing, where that is another's: what is moved
    there later need not be closed anew.
    """

    place: str
    tier: Tier
    whose: Whose = Whose.UNION
    key: str | None = None
    why: str = ""
    closed_as: str | None = None

    @property
    def named(self) -> str:
        """The place it is closed as."""
        return self.closed_as or self.place

    @property
    def is_sensitive(self) -> bool:
        """Whether what lies there must be found nowhere else."""
        return self.tier in {Tier.SEALED, Tier.CLOSED}


def closed(whose: Whose, key: str, *places: str) -> tuple[Kept, ...]:
    """Columns under one subject's key."""
    return tuple(Kept(place, Tier.CLOSED, whose, key) for place in places)


def sealed(whose: Whose, key: str, *places: str) -> tuple[Kept, ...]:
    """Columns that only a circle's people open."""
    return tuple(Kept(place, Tier.SEALED, whose, key) for place in places)


def plain(tier: Tier, table: str, columns: str) -> tuple[Kept, ...]:
    """Columns of a table, by their names parted by spaces, that need no key."""
    return tuple(Kept(f"{table}.{column}", tier) for column in columns.split())


def codes(table: str, columns: str) -> tuple[Kept, ...]:
    """Columns that hold what the program writes."""
    return plain(Tier.CODE, table, columns)


def hashed(table: str, columns: str) -> tuple[Kept, ...]:
    """Columns that are only compared."""
    return plain(Tier.HASHED, table, columns)


def public(table: str, columns: str) -> tuple[Kept, ...]:
    """Columns that may be seen."""
    return plain(Tier.PUBLIC, table, columns)


def lies_open(place: str, why: str, whose: Whose = Whose.UNION) -> Kept:
    """A column in the open, and why."""
    return Kept(place, Tier.OPEN, whose, why=why)
