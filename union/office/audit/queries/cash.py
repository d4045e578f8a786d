"""The steps about cash on rounds: receipt books, what was handed in, days, signs of lapping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from union.infra.work import Work
from union.office.audit.queries.asking import ask, one, shown
from union.office.audit.rules.deposits import (
    LONG_DAYS,
    SUSPICIOUS_SIGNS,
    CashAge,
    ReceiptLine,
    against_the_numbers,
    cash_age,
    signs_of_lapping,
    written_late,
)
from union.office.audit.rules.steps import Cell, Span, Step, verdict_of

_BOOKS = """
SELECT c.account_code, b.first_no, b.last_no, u.used, u.highest, g.waiting, g.missing,
       coalesce(g.numbers, '') AS numbers
  FROM receipt_book b
  JOIN collector c ON c.id = b.collector_id
  CROSS JOIN LATERAL (
    SELECT count(*) AS used, max(r.number) AS highest FROM receipt r
     WHERE r.collector_id = b.collector_id AND r.number BETWEEN b.first_no AND b.last_no) u
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE waits) AS waiting, count(*) FILTER (WHERE NOT waits) AS missing,
           string_agg(n::text, ', ' ORDER BY n) FILTER (WHERE NOT waits AND place <= 12)
           || CASE WHEN count(*) FILTER (WHERE NOT waits) > 12 THEN ' …' ELSE '' END AS numbers
      FROM (SELECT n, waits, row_number() OVER (PARTITION BY waits ORDER BY n) AS place
              FROM generate_series(b.first_no, coalesce(b.unused_from - 1, u.highest)) n
             CROSS JOIN LATERAL (
               SELECT coalesce(bool_or(l.verdict = 'refused'), false) AS waits,
                      coalesce(bool_or(l.settled_how IS NOT NULL), false) AS settled
                 FROM collection_line l
                WHERE l.collector_id = b.collector_id AND l.receipt_no = n) line
             WHERE NOT settled
               AND NOT EXISTS (SELECT FROM receipt r
                                WHERE r.collector_id = b.collector_id AND r.number = n)) gap) g
 ORDER BY g.missing DESC, g.waiting DESC, c.account_code, b.first_no
"""

_OUTSIDE_BOOKS = """
SELECT count(*) AS receipts FROM receipt r
 WHERE r.collector_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM receipt_book b WHERE b.collector_id = r.collector_id
                      AND r.number BETWEEN b.first_no AND b.last_no)
"""

_HANDED = """
SELECT c.account_code, coalesce(p.taken, 0) AS taken, coalesce(h.handed, 0) AS handed,
       coalesce(d.differing, 0) AS differing, coalesce(h.unsigned, 0) AS unsigned,
       coalesce(m.in_hand, 0) AS in_hand
  FROM collector c
  LEFT JOIN (SELECT collector_id, sum(amount_minor) AS taken FROM dues_payment
              WHERE happened_on BETWEEN :from_on AND :to_on GROUP BY collector_id) p
    ON p.collector_id = c.id
  LEFT JOIN (SELECT h.collector_id, sum(h.counted_minor) AS handed,
                    count(*) FILTER (WHERE h.received_by IS NOT NULL AND h.source IS NULL
                                       AND NOT coalesce(s.agrees, s.settled_at IS NOT NULL, false))
                      AS unsigned
               FROM hand_over h LEFT JOIN hand_over_signature s ON s.hand_over_id = h.id
              WHERE h.happened_on BETWEEN :from_on AND :to_on GROUP BY h.collector_id) h
    ON h.collector_id = c.id
  LEFT JOIN (SELECT collector_id, sum(amount_minor) AS differing FROM cash_difference
              WHERE happened_on BETWEEN :from_on AND :to_on GROUP BY collector_id) d
    ON d.collector_id = c.id
  LEFT JOIN (SELECT account_code, sum(debit_minor - credit_minor) AS in_hand FROM account_day
              WHERE posted_on <= :to_on GROUP BY account_code) m ON m.account_code = c.account_code
 WHERE p.taken IS NOT NULL OR h.handed IS NOT NULL OR coalesce(m.in_hand, 0) <> 0
 ORDER BY abs(coalesce(d.differing, 0)) DESC, c.account_code
"""

_TO_BANK = """
SELECT coalesce(sum(g.amount_minor), 0) AS banked FROM journal_leg g
  JOIN journal_entry e ON e.id = g.entry_id AND e.kind = 'transfer'
  JOIN account a ON a.code = g.account_code AND a.money_place = 'bank'
 WHERE g.amount_minor > 0 AND e.posted_on BETWEEN :from_on AND :to_on
"""

_RECEIPTS = """
SELECT c.account_code, r.number, p.happened_on, p.amount_minor,
       (p.received_at AT TIME ZONE :zone)::date AS written_on
  FROM receipt r JOIN dues_payment p ON p.id = r.payment_id
  JOIN collector c ON c.id = r.collector_id
 WHERE p.happened_on BETWEEN :from_on AND :to_on
"""

_HAND_OVERS = """
SELECT c.account_code, h.happened_on, h.counted_minor FROM hand_over h
  JOIN collector c ON c.id = h.collector_id WHERE h.happened_on BETWEEN :from_on AND :to_on
"""

_DISPUTED = """
SELECT c.account_code, count(*) AS disputed FROM (
  SELECT collector_id FROM said_paid
   WHERE happened_on BETWEEN :from_on AND :to_on AND outcome IS DISTINCT FROM 'withdrawn'
  UNION ALL
  SELECT p.collector_id FROM receipt_sample_item i JOIN dues_payment p ON p.id = i.payment_id
   WHERE i.answer IN ('differs', 'not_known') AND p.happened_on BETWEEN :from_on AND :to_on) s
  JOIN collector c ON c.id = s.collector_id GROUP BY c.account_code
"""


def receipt_books(work: Work, span: Span) -> Step:
    """Are the receipt books complete: no number missing below the last one used?

    A number whose slip stands on a sheet is not missing: its line waits to be booked.
    """
    rows = ask(work, _BOOKS, span)
    outside = one(work, _OUTSIDE_BOOKS, span).receipts
    missing = sum(row.missing for row in rows)
    waiting = sum(row.waiting for row in rows)
    return Step(
        "receipt_books",
        verdict_of(wrong=False, look=bool(missing or waiting or outside), anything=bool(rows)),
        {
            "books": len(rows),
            "used": sum(row.used for row in rows),
            "missing": missing,
            "waiting": waiting,
            "outside": outside,
        },
        (
            ("collector", Cell.ACCOUNT),
            ("from_no", Cell.NUMBER),
            ("to_no", Cell.NUMBER),
            ("used", Cell.NUMBER),
            ("last_used", Cell.NUMBER),
            ("waiting", Cell.NUMBER),
            ("missing", Cell.NUMBER),
            ("numbers", Cell.TEXT),
        ),
        shown(rows),
        len(rows),
    )


def deposits(work: Work, span: Span) -> Step:
    """Was all cash of the receipts handed in, countersigned, and carried to the bank?"""
    rows = ask(work, _HANDED, span)
    differing = sum(abs(row.differing) for row in rows)
    unsigned = sum(row.unsigned for row in rows)
    ahead = sum(max(-row.in_hand, 0) for row in rows)
    lines = [(*tuple(row)[:-1], max(row.in_hand, 0), max(-row.in_hand, 0)) for row in rows]
    return Step(
        "deposits",
        verdict_of(wrong=False, look=bool(differing or unsigned or ahead), anything=bool(rows)),
        {
            "taken_minor": sum(row.taken for row in rows),
            "handed_minor": sum(row.handed for row in rows),
            "banked_minor": one(work, _TO_BANK, span).banked,
            "in_hand_minor": sum(max(row.in_hand, 0) for row in rows),
            "differing_minor": differing,
            "unsigned": unsigned,
            "ahead": sum(row.in_hand < 0 for row in rows),
            "ahead_minor": ahead,
        },
        (
            ("collector", Cell.ACCOUNT),
            ("taken", Cell.MONEY),
            ("handed", Cell.MONEY),
            ("differing", Cell.MONEY),
            ("unsigned", Cell.NUMBER),
            ("in_hand", Cell.MONEY),
            ("ahead", Cell.MONEY),
        ),
        shown(lines),
        len(rows),
    )


def days_to_deposit(work: Work, span: Span) -> Step:
    """How many days lay between a receipt and the cash handed in?"""
    ages = _ages(work, span)
    rows = sorted(
        (
            (code, round(age.average_days, 1), age.longest_days, age.in_hand_minor, age.oldest_on)
            for code, age in ages.items()
        ),
        key=lambda row: (-row[2], row[0]),
    )
    longest = max((row[2] for row in rows), default=0)
    slow = sum(row[2] > LONG_DAYS for row in rows)
    return Step(
        "days_to_deposit",
        verdict_of(wrong=False, look=bool(slow), anything=bool(rows)),
        {"collectors": len(rows), "longest": longest, "slow": slow, "limit": LONG_DAYS},
        (
            ("collector", Cell.ACCOUNT),
            ("average_days", Cell.NUMBER),
            ("longest_days", Cell.NUMBER),
            ("in_hand", Cell.MONEY),
            ("oldest_on", Cell.DAY),
        ),
        shown(rows),
        len(rows),
    )


def lapping(work: Work, span: Span) -> Step:
    """Does a round look as if one receipt's cash was covered by the next one's?"""
    disputed = {row.account_code: row.disputed for row in ask(work, _DISPUTED, span)}
    ages = _ages(work, span)
    rows = []
    for code, lines in _lines(work, span).items():
        seen = {
            "longest_days": ages[code].longest_days,
            "backwards": against_the_numbers(lines),
            "late": written_late(lines),
            "disputed": disputed.get(code, 0),
        }
        rows.append((code, *seen.values(), signs_of_lapping(**seen)))
    rows.sort(key=lambda row: (-row[-1], row[0]))
    suspicious = sum(row[-1] >= SUSPICIOUS_SIGNS for row in rows)
    return Step(
        "lapping",
        verdict_of(wrong=False, look=bool(suspicious), anything=bool(rows)),
        {"rounds": len(rows), "suspicious": suspicious},
        (
            ("collector", Cell.ACCOUNT),
            ("longest_days", Cell.NUMBER),
            ("backwards", Cell.NUMBER),
            ("late", Cell.NUMBER),
            ("disputed", Cell.NUMBER),
            ("signs", Cell.NUMBER),
        ),
        shown(rows),
        len(rows),
    )


def _lines(work: Work, span: Span) -> Mapping[str, list[ReceiptLine]]:
    held: dict[str, list[ReceiptLine]] = defaultdict(list)
    for row in ask(work, _RECEIPTS, span):
        held[row.account_code].append(
            ReceiptLine(row.number, row.happened_on, row.written_on, row.amount_minor)
        )
    return held


def _ages(work: Work, span: Span) -> Mapping[str, CashAge]:
    handed: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for row in ask(work, _HAND_OVERS, span):
        handed[row.account_code].append((row.happened_on, row.counted_minor))
    return {
        code: cash_age(
            [(line.happened_on, line.amount_minor) for line in lines], handed[code], span.to_on
        )
        for code, lines in _lines(work, span).items()
    }
