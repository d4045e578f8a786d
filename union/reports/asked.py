"""What a report is asked for: days, a fund, a book; sound whatever an address says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext

from union.ledger.rules.years import FinancialYear
from union.web.formats import short_day


@dataclass(frozen=True, slots=True)
class Asked:
    """From one day to another, both counted; a fund or all; the code of one book."""

    from_on: date
    until_on: date
    fund: str | None
    book: str

    @property
    def before(self) -> date:
        """The day before the first."""
        return self.from_on - timedelta(days=1)

    @property
    def year(self) -> FinancialYear:
        """The financial year the last day lies in."""
        return FinancialYear.of(self.until_on)

    @property
    def span(self) -> str:
        """The days in words."""
        return str(
            gettext(
                "%(first)s to %(last)s",
                first=short_day(self.from_on),
                last=short_day(self.until_on),
            )
        )

    @property
    def at_end(self) -> str:
        """The last day in words."""
        return str(gettext("at the end of %(day)s", day=short_day(self.until_on)))
