"""What came in, went out and is kept over a stretch of days; sums only, small ones left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from union.kernel.periods import Month
from union.ledger.models import AccountingPeriod
from union.ledger.queries import chain_end, funds
from union.members.models import Merge
from union.office.open_books.figures import Help, Kept, Line, MonthLine, OpenBooks
from union.office.open_books.rules import HELP, Given, Standing, help_of

DUES, SPENDING_BACK, INCOME_BACK = "dues", "spending_back", "income_back"
_OF_DUES = frozenset({"1210", "2110", "4010", "4020"})
YEAR_BEGINS = 4
MONTHS = 12

_MOVED = text("""
SELECT l.account_code, a.kind = 'expense' AS spent,
       coalesce(o.posted_on < :from_on, false) AS back,
       -sum(l.amount_minor)::bigint AS moved
  FROM journal_leg l
  JOIN journal_entry e ON e.id = l.entry_id
  LEFT JOIN journal_entry o ON o.id = e.reverses_id
  JOIN account a ON a.code = l.account_code AND a.money_place IS NULL
 WHERE e.posted_on BETWEEN :from_on AND :to_on AND e.kind NOT IN ('opening', 'closing')
   AND l.account_code <> ALL (:help)
   AND EXISTS (SELECT FROM journal_leg m JOIN account b ON b.code = m.account_code
                WHERE m.entry_id = e.id AND b.money_place IS NOT NULL)
 GROUP BY 1, 2, 3 HAVING sum(l.amount_minor) <> 0
""")

# Of a float only its holder is known: however much she spent on others, she is one person here.
# What came back of a payment stands under whom the payment was to.
_GIVEN = text("""
SELECT date_trunc('month', e.posted_on)::date AS month_on, l.fund_code, l.account_code,
       coalesce(v.payee_person_id, s.told_by) AS person_id, sum(l.amount_minor)::bigint AS given
  FROM journal_leg l
  JOIN journal_entry e ON e.id = l.entry_id
  LEFT JOIN journal_entry o ON o.id = e.reverses_id
  LEFT JOIN voucher v ON v.id = coalesce(o.voucher_id, e.voucher_id)
  LEFT JOIN float_settlement s ON coalesce(o.source_kind, e.source_kind) = 'float_settlement'
                              AND s.id = coalesce(o.source_id, e.source_id)
 WHERE l.account_code = ANY (:help) AND e.kind NOT IN ('opening', 'closing')
   AND e.posted_on <= :until_on
   AND EXISTS (SELECT FROM journal_leg m JOIN account b ON b.code = m.account_code
                WHERE m.entry_id = e.id AND b.money_place IS NOT NULL)
 GROUP BY 1, 2, 3, 4 HAVING sum(l.amount_minor) <> 0
 ORDER BY 1, 2, 3, 4
""")

_HELD = text("""
SELECT u.fund, coalesce(sum(d.debit_minor - d.credit_minor), 0)::bigint AS held
  FROM unnest(CAST(:funds AS text[]), CAST(:days AS date[])) AS u(fund, until_on)
  LEFT JOIN (account_day d JOIN account a ON a.code = d.account_code AND a.money_place IS NOT NULL)
         ON d.fund_code = u.fund AND d.posted_on <= u.until_on
 GROUP BY u.fund
""")


def open_month(session: Session, month: Month) -> OpenBooks:
    """One month."""
    return _open(session, help_shown(session), month.first_day, month.last_day)


def open_year(session: Session, year: int, today: date) -> tuple[OpenBooks, list[MonthLine]]:
    """A financial year from April on as far as it is closed, and its months in the books."""
    first, shown = Month(year, YEAR_BEGINS), help_shown(session)
    last = min(first.shift(MONTHS - 1), max(Month.of(today), first))
    whole = max((month for month in shown.closed if first <= month <= last), default=last)
    known = set(session.scalars(select(AccountingPeriod.first_on)))
    months = [
        MonthLine(month, books.in_minor, books.out_minor, books.closed)
        for month in first.through(last)
        if month.first_day in known
        for books in (_open(session, shown, month.first_day, month.last_day),)
    ]
    return _open(session, shown, first.first_day, whole.last_day), months


def help_shown(session: Session) -> Help:
    """Every fund's help over all closed months, as it was shown when each was closed."""
    closings = {
        Month.of(one.first_on): one.closed_at
        for one in session.scalars(
            select(AccountingPeriod)
            .where(AccountingPeriod.status == "closed")
            .order_by(AccountingPeriod.first_on)
        )
        if one.closed_at is not None
    }
    if not closings:
        return Help({}, ())
    closed = tuple(closings)
    rows = session.execute(_GIVEN, {"help": sorted(HELP), "until_on": closed[-1].last_day})
    given = [
        Given(Month.of(row.month_on), row.fund_code, row.account_code, row.person_id, row.given)
        for row in rows
    ]
    stands_for = _standing(session, closings)
    codes = [fund.code for fund in funds(session)]
    return Help({code: help_of(code, given, closed, stands_for) for code in codes}, closed)


def newest_month(session: Session, today: date) -> Month:
    """The newest closed month; while none is, the present one."""
    closed = session.scalar(
        select(func.max(AccountingPeriod.first_on)).where(AccountingPeriod.status == "closed")
    )
    return Month.of(closed or today)


def year_of(month: Month) -> int:
    """The financial year a month lies in, by the year it began."""
    return month.year if month.month >= YEAR_BEGINS else month.year - 1


def _open(session: Session, shown: Help, from_on: date, to_on: date) -> OpenBooks:
    first, last = Month.of(from_on), Month.of(to_on)
    kept = _kept(session, shown, last)
    incoming, running = _sides(session, from_on, to_on)
    return OpenBooks(
        from_on=from_on,
        to_on=to_on,
        incoming=incoming,
        running=running,
        help_lines=shown.lines(first, last),
        parted=shown.parted(first, last),
        kept=kept,
        unsaid=tuple(code for code in shown.funds if code not in {one.fund for one in kept}),
        closed=bool(shown.closed) and last <= shown.closed[-1],
        end=chain_end(session),
    )


def _sides(
    session: Session, from_on: date, to_on: date
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    asked = {"from_on": from_on, "to_on": to_on, "help": sorted(HELP)}
    came: dict[str, int] = {}
    went: dict[str, int] = {}
    for row in session.execute(_MOVED, asked):
        if row.spent:
            code = SPENDING_BACK if row.back else row.account_code
            went[code] = went.get(code, 0) - row.moved
        elif row.back:
            came[INCOME_BACK] = came.get(INCOME_BACK, 0) + row.moved
        elif row.account_code in _OF_DUES:
            came[DUES] = came.get(DUES, 0) + row.moved
        elif row.moved > 0:
            came[row.account_code] = row.moved
        else:
            went[row.account_code] = -row.moved
    return _lines(came), _lines(went)


def _lines(sums: Mapping[str, int]) -> tuple[Line, ...]:
    lines = (Line(code, amount) for code, amount in sums.items() if amount)
    return tuple(sorted(lines, key=lambda line: (-line.amount_minor, line.code)))


def _kept(session: Session, shown: Help, last: Month) -> tuple[Kept, ...]:
    """Each fund's balance, as of the newest closed month at whose end it may be shown."""
    if not shown.closed:
        return ()
    until = {
        code: one.shown_until(min(last, shown.closed[-1])) for code, one in shown.funds.items()
    }
    until = {code: month for code, month in until.items() if month >= shown.closed[0]}
    days = [month.last_day for month in until.values()]
    rows = session.execute(_HELD, {"funds": list(until), "days": days})
    held = {row.fund: row.held for row in rows}
    return tuple(Kept(code, month, held[code]) for code, month in until.items())


def _standing(session: Session, closings: Mapping[Month, datetime]) -> Standing:
    """Who stood for whom when a month was closed; entries joined later were two people then."""
    joined: dict[int, list[Merge]] = {}
    for merge in session.scalars(select(Merge).order_by(Merge.id)):
        joined.setdefault(merge.gone_person_id, []).append(merge)

    def stands_for(person_id: int, month: Month) -> int:
        closed_at = closings[month]
        for merge in joined.get(person_id, ()):
            still = merge.undone_at is None or merge.undone_at > closed_at
            if merge.merged_at <= closed_at and still:
                return merge.kept_person_id
        return person_id

    return stands_for
