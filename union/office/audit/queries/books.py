"""The steps about the books themselves: opening, bank, corrections, months and the seals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from union.infra.work import Work
from union.kernel.periods import Month
from union.ledger.queries.heads import broken_heads
from union.ledger.queries.seals import broken_seals
from union.office.audit.queries.asking import ask, one, shown
from union.office.audit.rules.steps import ROWS_SHOWN, Cell, Span, Step, verdict_of

Standing = Mapping[tuple[str, str], int]
"""What each account holds of each fund, debit positive, paise."""

LATE_CLOSE_DAYS = 45
LONGEST_UNSIGNED_DAYS = 3

_FROM_LEGS = """
SELECT l.account_code, l.fund_code, sum(l.amount_minor)::bigint AS stood
  FROM journal_leg l JOIN journal_entry e ON e.id = l.entry_id
 WHERE e.posted_on <= :as_on GROUP BY l.account_code, l.fund_code HAVING sum(l.amount_minor) <> 0
"""

_FROM_DAYS = """
SELECT account_code, fund_code, sum(debit_minor - credit_minor)::bigint AS stood
  FROM account_day WHERE posted_on <= :as_on
 GROUP BY account_code, fund_code HAVING sum(debit_minor - credit_minor) <> 0
"""

# A line is in the book by a linked entry that nobody took back but by another line (money that came
# back). What was booked before the first statement began is in the balance it opened with.
_BANK = """
WITH at AS (
  SELECT a.id, a.account_code, s.period_to, s.closing_minor,
         (SELECT min(period_from) FROM bank_statement f WHERE f.account_id = a.id) AS first_on
    FROM bank_account a
    JOIN LATERAL (SELECT period_to, closing_minor FROM bank_statement
                   WHERE account_id = a.id AND closing_minor IS NOT NULL AND period_to <= :to_on
                   ORDER BY period_to DESC, id DESC LIMIT 1) s ON true
), linked AS (
  SELECT n.entry_id, n.line_id, l.booked_on FROM bank_line_entry n
    JOIN bank_line l ON l.id = n.line_id
)
SELECT at.account_code, at.period_to, at.closing_minor,
       coalesce((SELECT sum(d.debit_minor - d.credit_minor) FROM account_day d
                  WHERE d.account_code = at.account_code AND d.posted_on <= at.period_to),
                0)::bigint AS book,
       coalesce((SELECT sum(l.amount_minor) FROM bank_line l
                  WHERE l.account_id = at.id AND l.booked_on <= at.period_to
                    AND NOT EXISTS (
                      SELECT FROM linked n JOIN journal_entry e ON e.id = n.entry_id
                       WHERE n.line_id = l.id AND e.posted_on <= at.period_to
                         AND NOT EXISTS (SELECT FROM journal_entry r
                                          WHERE r.reverses_id = e.id AND r.posted_on <= at.period_to
                                            AND r.id NOT IN (SELECT entry_id FROM linked)))),
                0)::bigint AS not_in_book,
       coalesce((SELECT sum(g.amount_minor) FROM journal_leg g
                   JOIN journal_entry e ON e.id = g.entry_id
                   LEFT JOIN journal_entry o ON o.id = e.reverses_id
                  WHERE g.account_code = at.account_code AND e.kind <> 'opening'
                    AND e.posted_on BETWEEN at.first_on AND at.period_to
                    AND e.id NOT IN (SELECT entry_id FROM linked
                                      WHERE booked_on <= at.period_to)
                    AND (o.id IS NULL OR o.posted_on < at.first_on
                         AND o.id NOT IN (SELECT entry_id FROM linked))
                    AND NOT EXISTS (SELECT FROM journal_entry r
                                     WHERE r.reverses_id = e.id AND r.posted_on <= at.period_to)),
                0)::bigint AS not_at_bank
  FROM at ORDER BY at.account_code
"""

_CORRECTIONS = """
SELECT ARRAY[e.ref, e.id::text] AS entry, e.posted_on, e.kind,
       CASE WHEN max(o.id) IS NOT NULL THEN ARRAY[max(o.ref), max(o.id)::text] END AS original,
       max(o.posted_on) AS original_on,
       sum(l.amount_minor) FILTER (WHERE l.amount_minor > 0)::bigint AS amount
  FROM journal_entry e JOIN journal_leg l ON l.entry_id = e.id
  LEFT JOIN journal_entry o ON o.id = e.reverses_id
 WHERE e.kind IN ('reversal', 'adjustment') AND e.posted_on BETWEEN :from_on AND :to_on
 GROUP BY e.id, e.ref, e.posted_on, e.kind
 ORDER BY amount DESC, e.id
"""

_MONTHS = """
SELECT first_on, status, (closed_at AT TIME ZONE :zone)::date AS closed_on
  FROM accounting_period
 WHERE first_on BETWEEN date_trunc('month', CAST(:from_on AS timestamp))::date AND :to_on
 ORDER BY first_on
"""

# Entries of today are sealed tonight; an older one should have been.
_SEALS = """
SELECT (SELECT count(*) FROM seal) AS seals,
       (SELECT count(*) FROM seal_head WHERE reason = 'day'
         AND said_on BETWEEN :from_on AND :to_on) AS heads,
       (SELECT max(said_on) FROM seal_head) AS signed_on,
       count(*) FILTER (WHERE (e.posted_at AT TIME ZONE :zone)::date < :today) AS overdue,
       count(*) FILTER (WHERE (e.posted_at AT TIME ZONE :zone)::date >= :today) AS tonight
  FROM journal_entry e WHERE NOT EXISTS (SELECT FROM seal_entry n WHERE n.entry_id = e.id)
"""

_UNSEALED = """
SELECT 'entry', '', ARRAY[e.ref, e.id::text],
       CASE WHEN (e.posted_at AT TIME ZONE :zone)::date < :today THEN 'overdue' ELSE 'tonight' END
  FROM journal_entry e WHERE NOT EXISTS (SELECT FROM seal_entry n WHERE n.entry_id = e.id)
 ORDER BY e.posted_at, e.id LIMIT :shown
"""


def standing(work: Work, span: Span) -> Standing:
    """What stood where at the end of the audit's days, added up from every leg."""
    return _stood(work, _FROM_LEGS, span, span.to_on)


def _stood(work: Work, question: str, span: Span, as_on: date) -> Standing:
    rows = ask(work, question, span, as_on=as_on)
    return {(row.account_code, row.fund_code): row.stood for row in rows}


def opening(work: Work, span: Span, reported: tuple[Span, Standing] | None) -> Step:
    """Is what stood at the beginning what stood at the end before?

    Against the report signed last, if there is one; and always the kept days against the entries.
    """
    before = span.from_on - timedelta(days=1)
    legs = _stood(work, _FROM_LEGS, span, before)
    pairs = [(legs, _stood(work, _FROM_DAYS, span, before))]
    if reported is not None:
        earlier, then = reported
        pairs.append((then, _stood(work, _FROM_LEGS, earlier, earlier.to_on)))
    rows = [
        (*place, first.get(place, 0), second.get(place, 0))
        for first, second in pairs
        for place in sorted(first.keys() | second.keys())
        if first.get(place, 0) != second.get(place, 0)
    ]
    return Step(
        "opening",
        verdict_of(wrong=bool(rows)),
        {
            "accounts": len(legs),
            "off": len(rows),
            "reported": reported[0].to_on.isoformat() if reported else "",
        },
        (
            ("account", Cell.ACCOUNT),
            ("fund", Cell.FUND),
            ("said_then", Cell.MONEY),
            ("stands_now", Cell.MONEY),
        ),
        shown(rows),
        len(rows),
    )


def bank(work: Work, span: Span) -> Step:
    """Does the bank's statement agree with the book, line by line?"""
    rows = []
    for row in ask(work, _BANK, span):
        left = row.closing_minor - row.book - row.not_in_book + row.not_at_bank
        rows.append((*tuple(row), left))
    unexplained = sum(abs(row[-1]) for row in rows)
    waiting = sum(abs(row[4]) + abs(row[5]) for row in rows)
    return Step(
        "bank",
        verdict_of(wrong=bool(unexplained), look=bool(waiting) or not rows),
        {
            "accounts": len(rows),
            "unexplained_minor": unexplained,
            "waiting_minor": waiting,
            "until": max((row[1] for row in rows), default=span.from_on).isoformat(),
        },
        (
            ("account", Cell.ACCOUNT),
            ("statement_to", Cell.DAY),
            ("bank_says", Cell.MONEY),
            ("book_says", Cell.MONEY),
            ("not_in_book", Cell.MONEY),
            ("not_at_bank", Cell.MONEY),
            ("unexplained", Cell.MONEY),
        ),
        shown(rows),
        len(rows),
    )


def corrections(work: Work, span: Span) -> Step:
    """What was taken back or put right, and did it reach back into an earlier month?"""
    rows = ask(work, _CORRECTIONS, span)
    back = sum(
        row.original_on is not None and Month.of(row.original_on) < Month.of(row.posted_on)
        for row in rows
    )
    return Step(
        "corrections",
        verdict_of(wrong=False, look=bool(back)),
        {
            "corrections": len(rows),
            "amount_minor": int(sum(row.amount for row in rows)),
            "back": back,
        },
        (
            ("entry", Cell.ENTRY),
            ("posted_on", Cell.DAY),
            ("kind", Cell.TEXT),
            ("original", Cell.ENTRY),
            ("original_on", Cell.DAY),
            ("amount", Cell.MONEY),
        ),
        shown(rows),
        len(rows),
    )


def months(work: Work, span: Span) -> Step:
    """Were the months closed, in order and in time?"""
    rows = []
    for row in ask(work, _MONTHS, span):
        due = (row.first_on + timedelta(days=31)).replace(day=1)
        days = (row.closed_on - due).days if row.closed_on else (span.to_on - due).days
        rows.append((row.first_on, row.status, row.closed_on, max(days, 0)))
    late = sum(row[-1] > LATE_CLOSE_DAYS for row in rows)
    return Step(
        "months",
        verdict_of(wrong=False, look=bool(late), anything=bool(rows)),
        {
            "months": len(rows),
            "closed": sum(row[1] == "closed" for row in rows),
            "late": late,
            "limit": LATE_CLOSE_DAYS,
        },
        (
            ("month", Cell.DAY),
            ("state", Cell.TEXT),
            ("closed_on", Cell.DAY),
            ("days_after", Cell.NUMBER),
        ),
        shown(rows),
        len(rows),
    )


def seals(work: Work, span: Span) -> Step:
    """Do all seals fit, is every head signed, and does nothing wait to be sealed?"""
    today = work.clock.today()
    found = one(work, _SEALS, span, today=today)
    broken = [("seal", str(row.seal_id), "", "changed") for row in broken_seals(work.session)]
    broken += [
        ("head", row.said_on.isoformat(), "", row.code) for row in broken_heads(work.session)
    ]
    waiting = ask(work, _UNSEALED, span, today=today, shown=ROWS_SHOWN)
    signed = found.signed_on
    late = signed is None or (span.to_on - signed).days > LONGEST_UNSIGNED_DAYS
    return Step(
        "seals",
        verdict_of(wrong=bool(broken), look=late or bool(found.overdue)),
        {
            "seals": found.seals,
            "heads": found.heads,
            "unsealed": found.overdue,
            "tonight": found.tonight,
            "broken": len(broken),
            "signed_on": signed.isoformat() if signed else "",
        },
        (
            ("what", Cell.TEXT),
            ("which", Cell.TEXT),
            ("entry", Cell.ENTRY),
            ("why", Cell.TEXT),
        ),
        shown([*broken, *waiting]),
        len(broken) + found.overdue + found.tonight,
    )
