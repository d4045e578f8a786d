"""Which sums are offered to somebody who owes nothing and would pay ahead; plain values only."""

from __future__ import annotations

from dataclasses import dataclass

MONTHS_AHEAD = (1, 3, 6, 12)


@dataclass(frozen=True, slots=True)
class Ahead:
    """So many months of the present fee, and what they come to in paise."""

    months: int
    amount_minor: int


def offered(owed_minor: int, fee_minor: int) -> tuple[Ahead, ...]:
    """Months she may pay ahead; none while something is due, for that is asked for first."""
    if owed_minor > 0 or fee_minor <= 0:
        return ()
    return tuple(Ahead(months, months * fee_minor) for months in MONTHS_AHEAD)


def asked_for(owed_minor: int, offers: tuple[Ahead, ...], months: int | None) -> int:
    """What the field begins with, in paise: what is due, or the months she chose, or nothing."""
    chosen = {one.months: one.amount_minor for one in offers}
    return owed_minor or chosen.get(months or 0, 0)
