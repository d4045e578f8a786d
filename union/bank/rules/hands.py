"""How many hands it takes to say what a line was. Pure; the database holds the same."""

from __future__ import annotations

from dataclasses import dataclass

from union.bank.rules.kinds import Kind

TIMES_CARRIED = 3
"""How often money that went may be let wait over a month; the law says the same."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Up to how much (paise) one may call a line a charge alone, and all lines of a month."""

    line_minor: int = 50_000
    month_minor: int = 200_000


FIRST_CEILING = Ceiling()
"""What holds until two people set another."""


def needs_second(kind: Kind, taken_minor: int, alone_minor: int, ceiling: Ceiling) -> bool:
    """Whether a second person must confirm it: cash drawn or paid in, large charges.

    ``taken_minor`` is what went, ``alone_minor`` what one person called charges in that month.
    """
    if kind in {Kind.WITHDRAWAL, Kind.DEPOSIT}:
        return True
    if kind not in {Kind.CHARGE, Kind.CARD_FEE}:
        return False
    return taken_minor > ceiling.line_minor or taken_minor + alone_minor > ceiling.month_minor
