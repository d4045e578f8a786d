"""What members are shown of help: a cell is a month, a fund and an account; small ones stay hidden.

Primary: no cell behind which fewer than five people stand is ever shown. Secondary: nor is what it
could be worked out from. So a fund's months are put together, the oldest first, until at least five
different people stand behind them (a stretch); shown is only what is a sum of whole stretches, the
fund's balance too, which stands still while a stretch is not full. Whoever adds and subtracts all
that was ever shown gets sums of stretches and nothing else, even if she knows every other payment.

What was shown stays as it was: a stretch is full or not by what was known when its last month was
closed. Months that are not closed show no help, or each payment could be seen coming.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from union.kernel.figures import FEWEST as BOUNDS
from union.kernel.figures import Side
from union.kernel.periods import Month

FEWEST = BOUNDS[Side.INSIDE]
"""Members see them, and nobody outside: the bound is that of the inside."""
HELP = frozenset({"5010", "5020", "5030", "1320"})
"""Accounts behind whose payments stand people in need."""

TOGETHER = "help"

Standing = Callable[[int, Month], int]
"""Who an entry of the register stood for when a month was closed."""


@dataclass(frozen=True, slots=True)
class Given:
    """What one person had in a month (minor units; below nought: what came back of it).

    ``person`` is None where the books know nobody behind it.
    """

    month: Month
    fund: str
    account: str
    person: int | None
    amount_minor: int


@dataclass(frozen=True, slots=True)
class HelpLine:
    """Help out of one fund over whole months, as it may be shown; ``code``: account or TOGETHER."""

    fund: str
    code: str
    first: Month
    last: Month
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months of a fund that are shown together only; ``last`` and lines are missing until full."""

    first: Month
    last: Month | None
    lines: tuple[HelpLine, ...] = ()

    def parts(self, month: Month) -> bool:
        """Whether the end of this month lies inside, so that nothing is shown as of it."""
        return self.first <= month and (self.last is None or month < self.last)

    def holds(self, month: Month) -> bool:
        """Whether this month is part of it."""
        return self.first <= month and (self.last is None or month <= self.last)


@dataclass(frozen=True, slots=True)
class FundHelp:
    """All that is ever shown of one fund's help, up to the newest closed month."""

    fund: str
    stretches: tuple[Stretch, ...]

    def lines(self, first: Month, last: Month) -> tuple[HelpLine, ...]:
        """The lines of stretches that ended in these months."""
        return tuple(
            line
            for one in self.stretches
            if one.last is not None and first <= one.last <= last
            for line in one.lines
        )

    def parted(self, first: Month, last: Month) -> tuple[Stretch, ...]:
        """Stretches that lie only partly in these months, so that their help does not add up."""
        return tuple(
            one
            for one in self.stretches
            if one.first <= last
            and (one.last is None or one.last >= first)
            and (one.first < first or one.last is None or one.last > last)
        )

    def shown_until(self, month: Month) -> Month:
        """The newest month, this one or earlier, at whose end the fund's balance may be shown."""
        for one in self.stretches:
            if one.parts(month):
                return one.first.previous()
        return month


def help_of(
    fund: str, given: Iterable[Given], closed: Sequence[Month], stands_for: Standing
) -> FundHelp:
    """A fund's stretches over the closed months, oldest first; later months change none of them."""
    by_month: dict[Month, list[Given]] = {}
    for one in given:
        if one.fund == fund:
            by_month.setdefault(one.month, []).append(one)
    stretches: list[Stretch] = []
    waiting: list[Given] = []
    for month in closed:
        waiting += by_month.get(month, ())
        people = _people(waiting, month, stands_for)
        if len(people) >= FEWEST:
            lines = _lines(waiting, month, stands_for)
            stretches.append(Stretch(waiting[0].month, month, lines))
            waiting = []
    if waiting:
        stretches.append(Stretch(waiting[0].month, None))
    return FundHelp(fund, tuple(stretches))


def _lines(given: Sequence[Given], last: Month, stands_for: Standing) -> tuple[HelpLine, ...]:
    """Each account by itself that has enough people; the others together, until they are enough."""
    accounts: dict[str, list[Given]] = {}
    for one in given:
        accounts.setdefault(one.account, []).append(one)

    def people(code: str) -> int:
        return len(_people(accounts[code], last, stands_for))

    left = sorted(accounts, key=lambda code: (people(code), code))
    merged: list[Given] = []
    while left and (
        people(left[0]) < FEWEST or (merged and len(_people(merged, last, stands_for)) < FEWEST)
    ):
        merged += accounts[left.pop(0)]
    heaps: Mapping[str, list[Given]] = {code: accounts[code] for code in left}
    if merged:
        heaps = {**heaps, TOGETHER: merged}
    lines = (
        HelpLine(heap[0].fund, code, given[0].month, last, sum(one.amount_minor for one in heap))
        for code, heap in heaps.items()
    )
    return tuple(sorted(lines, key=attrgetter("code")))


def _people(given: Iterable[Given], month: Month, stands_for: Standing) -> frozenset[int]:
    """Who stands behind it: who had something of it that did not come back again."""
    had: dict[int, int] = {}
    for one in given:
        if one.person is not None:
            who = stands_for(one.person, month)
            had[who] = had.get(who, 0) + one.amount_minor
    return frozenset(who for who, amount in had.items() if amount)
