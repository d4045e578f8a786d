"""What one member's dues must come to, in plain numbers: the model the machine of M5 goes by."""

from __future__ import annotations

from union.kernel.periods import Month

FEE = 2000

Rates = dict[Month, int]


class Woman:
    """Months charged and at what, all she gave, and what went back to her; in paise."""

    def __init__(self, since: Month, behind: int, ahead: int) -> None:
        self.since = since
        self.opened = behind * FEE
        self.given = ahead * FEE
        self.went_back = 0
        self.posted: Rates = {}
        self.off: dict[int, tuple[Month, Month]] = {}
        self.ended: set[int] = set()
        self.anew: set[int] = set()

    def cost(self, month: Month, rates: Rates) -> int:
        """What the month costs by all that is known."""
        if any(first <= month <= last for first, last in self.off.values()):
            return 0
        return rates[max(begins for begins in rates if begins <= month)]

    def charge(self, month: Month, rates: Rates) -> int:
        """A run of the month: what it charges her, once."""
        amount = self.cost(month, rates)
        if month < self.since or month in self.posted or not amount:
            return 0
        self.posted[month] = amount
        return amount

    def set_right(self, rates: Rates) -> None:
        """Every month that was charged comes to what it costs."""
        self.posted = {month: self.cost(month, rates) for month in self.posted}

    def end(self, waiver_id: int, month: Month) -> None:
        """A waiver ends with a month, once."""
        first, last = self.off[waiver_id]
        assert waiver_id not in self.ended
        assert month < last
        self.ended.add(waiver_id)
        self.off[waiver_id] = (first, max(month, first.previous()))

    @property
    def net(self) -> int:
        """What she owes less what she has ahead."""
        return self.opened + sum(self.posted.values()) - self.given + self.went_back

    @property
    def owed(self) -> int:
        return max(self.net, 0)

    @property
    def ahead(self) -> int:
        return max(-self.net, 0)
