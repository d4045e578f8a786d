"""What the reports share: figures by account and fund, the funds that have any, the foot."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from union.kernel.money import grouped
from union.ledger.models import Account
from union.ledger.queries import funds
from union.ledger.queries.figures import Place
from union.ledger.queries.heads import chain_end
from union.ledger.rules.chart import COLLECTOR_SEPARATOR
from union.reports.sheets import Cell, Column, Kind, Row, Weight, money_columns
from union.web.formats import dated_instant
from union.web.words.ledger import account_words, fund_words

Amounts = Mapping[Place, int]


@dataclass(frozen=True, slots=True)
class ByFund:
    """Amounts by account, shown with one column for each fund that has any, and their sum."""

    amounts: Amounts
    fund_codes: Sequence[str]
    chart: Mapping[str, Account]

    def columns(self, first: str) -> list[Column]:
        """The columns of a report by fund."""
        names = [fund_words(code) for code in self.fund_codes]
        if len(names) != 1:
            names.append(str(gettext("All funds")))
        return [Column(first), *money_columns(names)]

    def cells(self, codes: Collection[str], sign: int = 1) -> tuple[Cell, ...]:
        """What these accounts come to in each fund and in all; ``sign`` turns a side over."""
        each = [
            sign * sum(self.amounts.get((code, fund), 0) for code in codes)
            for fund in self.fund_codes
        ]
        return (*each, *((sum(each),) if len(each) != 1 else ()))

    def of_kind(self, *kinds: str) -> list[str]:
        """The accounts of these kinds that have an amount, in the chart's order."""
        there = {account for (account, fund), amount in self.amounts.items() if amount}
        return [code for code, one in self.chart.items() if one.kind in kinds and code in there]

    def lines(self, codes: Collection[str], sign: int = 1) -> list[Row]:
        """One line for each account."""
        return [
            Row((account_words(code, self.chart[code].name), *self.cells([code], sign)))
            for code in codes
        ]

    def without(self, amounts: Amounts) -> ByFund:
        """The same columns without these amounts, which a line of their own shows."""
        places = {*self.amounts, *(one for one in amounts if one[1] in self.fund_codes)}
        left = {one: self.amounts.get(one, 0) - amounts.get(one, 0) for one in places}
        return replace(self, amounts=left)

    def summed(self, words: str, codes: Collection[str], sign: int = 1) -> Row:
        """Their total, ruled."""
        return Row((words, *self.cells(codes, sign)), Weight.TOTAL)


def by_fund(
    session: Session, amounts: Amounts, chart: Mapping[str, Account], fund: str | None
) -> ByFund:
    """Amounts in one fund, or in each that has any; single hands as the one they belong to."""
    there = {code for (_account, code), amount in amounts.items() if amount}
    codes = [one.code for one in funds(session) if one.code in there]
    if fund is not None:
        codes = [fund]
    kept: dict[Place, int] = {}
    for (account, code), amount in amounts.items():
        if code in codes:
            place = (account.partition(COLLECTOR_SEPARATOR)[0], code)
            kept[place] = kept.get(place, 0) + amount
    return ByFund(kept, codes, chart)


def chain_words(session: Session) -> str:
    """Where the chain of seals ends, so that what is printed can be held against it later."""
    end = chain_end(session)
    if end is None:
        return str(gettext("Not sealed yet."))
    said = ngettext(
        "Sealed %(when)s: %(entries)s entry.",
        "Sealed %(when)s: %(entries)s entries.",
        end.entries,
        when=dated_instant(end.sealed_at),
        entries=grouped(end.entries),
    )
    if end.unsealed:
        said += " " + ngettext(
            "%(entries)s entry is not sealed yet.",
            "%(entries)s entries are not sealed yet.",
            end.unsealed,
            entries=grouped(end.unsealed),
        )
    said += " " + gettext("The chain ends at %(figures)s", figures=end.figures)
    return str(said)


__all__ = ["Amounts", "ByFund", "Kind", "by_fund", "chain_words"]
