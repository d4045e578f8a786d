"""What members are shown of a month: lines merged until nobody can be guessed behind one.

The rule: a line of help to people is shown by itself only if at least five people stand behind it,
each counted once however often and in whatever way she was paid. Smaller ones are added up; while
that is fewer than five people too, the next smallest joins them, and at last the other spending.
What could be worked out from the funds is merged alike: the funds for help together, all funds
together, or nothing of that month at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

FEWEST = 5
HELP = frozenset({"5010", "5020", "5030", "1320"})
"""Accounts behind whose payments stand people in need."""

HELP_TOGETHER = "help"
ALL_TOGETHER = "all"
HELP_FUNDS = "help"
ALL_FUNDS = "all"


class Shown(StrEnum):
    """How much of what went out is shown, and the funds with it."""

    EACH = "each"
    HELP_TOGETHER = "help"
    ALL_TOGETHER = "all"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class OutLine:
    """What went out on one account; ``behind``: who stands behind it, for help only."""

    code: str
    amount_minor: int
    behind: frozenset[int] = frozenset()

    @property
    def people(self) -> int:
        """How many different people stand behind it."""
        return len(self.behind)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What went out as members see it; no lines at all if it is hidden."""

    shown: Shown
    lines: tuple[OutLine, ...]

    @property
    def amount_minor(self) -> int | None:
        """All of it, or None if that would tell too much."""
        if self.shown is Shown.HIDDEN:
            return None
        return sum(line.amount_minor for line in self.lines)


def merge_small(lines: Sequence[OutLine]) -> Outgoing:
    """The lines as they may be shown, the largest first."""
    help_lines = sorted(
        (line for line in lines if line.code in HELP), key=lambda line: (line.people, line.code)
    )
    others = [line for line in lines if line.code not in HELP]
    if all(line.people >= FEWEST for line in help_lines):
        return Outgoing(Shown.EACH, _ordered([*help_lines, *others]))
    merged = OutLine(HELP_TOGETHER, 0)
    while help_lines and (merged.people < FEWEST or help_lines[0].people < FEWEST):
        nearest = help_lines.pop(0)
        merged = OutLine(
            HELP_TOGETHER,
            merged.amount_minor + nearest.amount_minor,
            merged.behind | nearest.behind,
        )
    if merged.people >= FEWEST:
        return Outgoing(Shown.HELP_TOGETHER, _ordered([merged, *help_lines, *others]))
    if not others:
        return Outgoing(Shown.HIDDEN, ())
    whole = merged.amount_minor + sum(line.amount_minor for line in others)
    return Outgoing(Shown.ALL_TOGETHER, (OutLine(ALL_TOGETHER, whole, merged.behind),))


def merge_funds(
    held: Mapping[str, int], shown: Shown, restricted: frozenset[str]
) -> dict[str, int]:
    """What is kept, by fund, merged as far as what went out is."""
    if shown is Shown.EACH:
        return dict(held)
    if shown is Shown.HELP_TOGETHER:
        open_funds = {code: amount for code, amount in held.items() if code not in restricted}
        bound = sum(amount for code, amount in held.items() if code in restricted)
        return {**open_funds, HELP_FUNDS: bound}
    if shown is Shown.ALL_TOGETHER:
        return {ALL_FUNDS: sum(held.values())}
    return {}


def _ordered(lines: Sequence[OutLine]) -> tuple[OutLine, ...]:
    return tuple(sorted(lines, key=lambda line: (-line.amount_minor, line.code)))
