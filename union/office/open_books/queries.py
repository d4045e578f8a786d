"""What came in, went out and is kept over a stretch of days; sums and head counts only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from union.kernel.periods import Month
from union.ledger.models import AccountingPeriod
from union.ledger.queries import ChainEnd, chain_end, funds
from union.office.open_books.rules import HELP, Outgoing, OutLine, merge_funds, merge_small

DUES = "dues"
_OF_DUES = frozenset({"1210", "2110", "4010", "4020"})
YEAR_BEGINS = 4
MONTHS = 12

# Of a float only its holder is known: however much she spent on others, she is one person here.
_MOVED = text("""
SELECT l.account_code, -sum(l.amount_minor)::bigint AS moved,
       coalesce(array_agg(DISTINCT one_person(coalesce(v.payee_person_id, s.told_by)))
                  FILTER (WHERE l.amount_minor > 0
                            AND coalesce(v.payee_person_id, s.told_by) IS NOT NULL),
                '{}') AS behind
  FROM journal_leg l
  JOIN journal_entry e ON e.id = l.entry_id
  JOIN account a ON a.code = l.account_code AND a.money_place IS NULL
  LEFT JOIN voucher v ON v.id = e.voucher_id
  LEFT JOIN float_settlement s ON e.source_kind = 'float_settlement' AND s.id = e.source_id
 WHERE e.posted_on BETWEEN :from_on AND :to_on AND e.kind NOT IN ('opening', 'closing')
   AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.reverses_id = e.id
                      AND r.posted_on BETWEEN :from_on AND :to_on)
   AND (e.reverses_id IS NULL OR NOT EXISTS (
         SELECT FROM journal_entry o WHERE o.id = e.reverses_id
            AND o.posted_on BETWEEN :from_on AND :to_on))
   AND EXISTS (SELECT FROM journal_leg m JOIN account b ON b.code = m.account_code
                WHERE m.entry_id = e.id AND b.money_place IS NOT NULL)
 GROUP BY l.account_code
""")

_HELD = text("""
SELECT d.fund_code, sum(d.debit_minor - d.credit_minor)::bigint AS held
  FROM account_day d JOIN account a ON a.code = d.account_code AND a.money_place IS NOT NULL
 WHERE d.posted_on <= :to_on GROUP BY d.fund_code
""")


@dataclass(frozen=True, slots=True)
class InLine:
    """What came in from one source: "dues", or an account of income."""

    code: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class OpenBooks:
    """A month or a financial year as every member may see it; ``held`` is empty if hidden."""

    from_on: date
    to_on: date
    incoming: tuple[InLine, ...]
    outgoing: Outgoing
    held: dict[str, int]
    closed: bool
    end: ChainEnd | None

    @property
    def in_minor(self) -> int:
        """All that came in."""
        return sum(line.amount_minor for line in self.incoming)

    @property
    def before_minor(self) -> int | None:
        """What there was before these days, with what the books began with; None if hidden."""
        went = self.outgoing.amount_minor
        return None if went is None else sum(self.held.values()) - self.in_minor + went

    @property
    def widest_minor(self) -> int:
        """The largest line, against which the pictures are drawn."""
        sums = [line.amount_minor for line in self.incoming]
        sums += [line.amount_minor for line in self.outgoing.lines]
        return max(map(abs, sums), default=0) or 1


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month in the picture of a year; ``out_minor`` is None where it is not shown."""

    month: Month
    in_minor: int
    out_minor: int | None


def open_month(session: Session, month: Month) -> OpenBooks:
    """One month."""
    return _open(session, month.first_day, month.last_day)


def open_year(session: Session, year: int, today: date) -> OpenBooks:
    """A financial year from April on, as far as it has come."""
    first = Month(year, YEAR_BEGINS)
    return _open(session, first.first_day, min(first.shift(MONTHS - 1).last_day, today))


def months_of(session: Session, year: int, today: date) -> list[MonthLine]:
    """The months of a financial year that have begun and are in the books, oldest first."""
    first = Month(year, YEAR_BEGINS)
    known = set(session.scalars(select(AccountingPeriod.first_on)))
    return [
        MonthLine(month, books.in_minor, books.outgoing.amount_minor)
        for month in first.through(first.shift(MONTHS - 1))
        if month.first_day <= today and month.first_day in known
        for books in (open_month(session, month),)
    ]


def newest_month(session: Session, today: date) -> Month:
    """The newest closed month; while none is, the present one."""
    closed = session.scalar(
        select(func.max(AccountingPeriod.first_on)).where(AccountingPeriod.status == "closed")
    )
    return Month.of(closed or today)


def year_of(month: Month) -> int:
    """The financial year a month lies in, by the year it began."""
    return month.year if month.month >= YEAR_BEGINS else month.year - 1


def _open(session: Session, from_on: date, to_on: date) -> OpenBooks:
    moved = list(session.execute(_MOVED, {"from_on": from_on, "to_on": to_on}))
    rows = [(row.account_code, row.moved, frozenset[int](row.behind)) for row in moved]
    incoming, outgoing = _sides(rows)
    shown = merge_small(outgoing)
    restricted = frozenset(fund.code for fund in funds(session) if fund.restricted)
    held = {row.fund_code: row.held for row in session.execute(_HELD, {"to_on": to_on})}
    open_months = session.scalar(
        select(func.count())
        .select_from(AccountingPeriod)
        .where(AccountingPeriod.first_on.between(from_on, to_on), AccountingPeriod.status == "open")
    )
    return OpenBooks(
        from_on=from_on,
        to_on=to_on,
        incoming=incoming,
        outgoing=shown,
        held=merge_funds(held, shown.shown, restricted),
        closed=not open_months,
        end=chain_end(session),
    )


def _sides(rows: list[tuple[str, int, frozenset[int]]]) -> tuple[tuple[InLine, ...], list[OutLine]]:
    came: dict[str, int] = {}
    went: list[OutLine] = []
    for code, moved, behind in rows:
        if code in _OF_DUES:
            came[DUES] = came.get(DUES, 0) + moved
        elif moved > 0 and code not in HELP:
            came[code] = came.get(code, 0) + moved
        elif moved:
            went.append(OutLine(code, -moved, behind if code in HELP else frozenset()))
    lines = sorted((InLine(code, amount) for code, amount in came.items() if amount), key=_largest)
    return tuple(lines), went


def _largest(line: InLine) -> tuple[int, str]:
    return -line.amount_minor, line.code
