"""The steps about cash that lies with us: boxes counted, and floats given out for the night."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Row

from union.infra.work import Work
from union.office.audit.queries.asking import ask, shown
from union.office.audit.rules.steps import Cell, Span, Step, verdict_of

_COUNTS = """
SELECT ARRAY[c.ref, c.id::text] AS which, counted_on, account_code,
       book_minor, counted_minor, counted_minor - book_minor AS off,
       coalesce(w.agrees AND one_person(w.person_id) <> one_person(counted_by), false) AS witnessed
  FROM cash_count c LEFT JOIN cash_count_witness w ON w.count_id = c.id
 WHERE counted_on BETWEEN :from_on AND :to_on ORDER BY counted_on DESC, id DESC
"""

_FLOATS = """
SELECT f.account_code, f.purpose_code, sum(d.debit_minor - d.credit_minor) AS out_minor,
       max(d.posted_on) FILTER (WHERE d.debit_minor > 0) AS given_on, p.settle_days
  FROM float_account f JOIN float_purpose p ON p.code = f.purpose_code
  JOIN account_day d ON d.account_code = f.account_code AND d.posted_on <= :to_on
 GROUP BY f.account_code, f.purpose_code, p.settle_days
HAVING sum(d.debit_minor - d.credit_minor) <> 0
 ORDER BY given_on
"""


def cash_counts(work: Work, span: Span) -> Step:
    """Was the cash counted in front of two, and was it what the book said?"""
    rows = ask(work, _COUNTS, span)
    off = sum(row.off != 0 for row in rows)
    alone = sum(not row.witnessed for row in rows)
    cut = [(*row[:6], "seen" if row.witnessed else "alone") for row in rows]
    return Step(
        "cash_counts",
        verdict_of(wrong=False, look=bool(off or alone or not rows)),
        {"counts": len(rows), "off": off, "alone": alone},
        (
            ("count", Cell.COUNT),
            ("counted_on", Cell.DAY),
            ("account", Cell.ACCOUNT),
            ("book", Cell.MONEY),
            ("counted", Cell.MONEY),
            ("off_minor", Cell.MONEY),
            ("witness", Cell.TEXT),
        ),
        shown(cut),
        len(rows),
    )


def floats(work: Work, span: Span) -> Step:
    """Were floats given out for the night settled with papers in time?"""
    rows = [
        (row.account_code, row.out_minor, row.given_on, _late(row, span.to_on))
        for row in ask(work, _FLOATS, span)
    ]
    late = sum(row[-1] > 0 for row in rows)
    return Step(
        "floats",
        verdict_of(wrong=False, look=bool(late), anything=bool(rows)),
        {"out_minor": sum(row[1] for row in rows), "floats": len(rows), "late": late},
        (
            ("account", Cell.ACCOUNT),
            ("out", Cell.MONEY),
            ("given_on", Cell.DAY),
            ("days_over", Cell.NUMBER),
        ),
        shown(rows),
        len(rows),
    )


def _late(row: Row[Any], as_on: date) -> int:
    given: date | None = row.given_on
    return max((as_on - given).days - int(row.settle_days), 0) if given else 0
