"""A month or a year of the open books as plain figures; what is hidden is None or left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from union.kernel.periods import Month
from union.ledger.queries import ChainEnd
from union.office.open_books.rules import FundHelp, HelpLine, Stretch


@dataclass(frozen=True, slots=True)
class Line:
    """What came in from one source, or went out for one thing: "dues", or an account."""

    code: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What a fund held at the end of the newest month for which that may be shown."""

    fund: str
    until: Month
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Help:
    """Every fund's help as it may be shown, and how far the books are closed."""

    funds: Mapping[str, FundHelp]
    closed: Sequence[Month]

    def lines(self, first: Month, last: Month) -> tuple[HelpLine, ...]:
        """All that was shown in these months, the largest first; what began before, by itself."""
        found: dict[tuple[str, str, Month], HelpLine] = {}
        for line in (line for one in self.funds.values() for line in one.lines(first, last)):
            key = (line.fund, line.code, min(line.first, first))
            before = found.get(key, line)
            amount = line.amount_minor + (0 if before is line else before.amount_minor)
            found[key] = replace(line, first=before.first, amount_minor=amount)
        return tuple(
            sorted(found.values(), key=lambda line: (-line.amount_minor, line.fund, line.code))
        )

    def parted(self, first: Month, last: Month) -> dict[str, tuple[Stretch, ...]]:
        """By fund, what does not add up within these months."""
        found = {code: one.parted(first, last) for code, one in self.funds.items()}
        return {code: stretches for code, stretches in found.items() if stretches}


@dataclass(frozen=True, slots=True)
class OpenBooks:
    """A month or a financial year as every member may see it.

    ``running`` is what went out that is no help; ``parted`` the help that is not shown within
    these days, by fund; ``kept`` each fund as of the newest month for which it may be shown,
    ``unsaid`` the funds for which there is no such month yet.
    """

    from_on: date
    to_on: date
    incoming: tuple[Line, ...]
    running: tuple[Line, ...]
    help_lines: tuple[HelpLine, ...]
    parted: Mapping[str, tuple[Stretch, ...]]
    kept: tuple[Kept, ...]
    unsaid: tuple[str, ...]
    closed: bool
    end: ChainEnd | None

    @property
    def in_minor(self) -> int:
        """All that came in."""
        return sum(line.amount_minor for line in self.incoming)

    @property
    def out_minor(self) -> int | None:
        """All that went out; None where help of these days is not shown, or not yet."""
        if self.parted or not self.closed:
            return None
        return self.running_minor + sum(line.amount_minor for line in self.help_lines)

    @property
    def running_minor(self) -> int:
        """What went out that is no help."""
        return sum(line.amount_minor for line in self.running)

    @property
    def kept_minor(self) -> int | None:
        """All that is kept at the end; None where a fund shows an earlier balance."""
        if self.unsaid or any(one.until.last_day < self.to_on for one in self.kept):
            return None
        return sum(one.amount_minor for one in self.kept)

    @property
    def before_minor(self) -> int | None:
        """What there was before these days, with what the books began with; None if hidden."""
        kept, out = self.kept_minor, self.out_minor
        return None if kept is None or out is None else kept - self.in_minor + out

    @property
    def widest_minor(self) -> int:
        """The largest line, against which the pictures are drawn."""
        sums = [line.amount_minor for line in (*self.incoming, *self.running)]
        sums += [line.amount_minor for line in self.help_lines]
        return max(map(abs, sums), default=0) or 1


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month in the picture of a year; ``out_minor`` is None where it is not shown."""

    month: Month
    in_minor: int
    out_minor: int | None
    closed: bool
