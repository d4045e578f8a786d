"""The guide of an audit: its steps in order, asked one by one or all together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.office.audit.queries import books, boxes, cash, spending
from union.office.audit.queries.reports import last_reported
from union.office.audit.rules.steps import Span, Step

_ASKED: Mapping[str, Callable[[Work, Span], Step]] = {
    "receipt_books": cash.receipt_books,
    "deposits": cash.deposits,
    "days_to_deposit": cash.days_to_deposit,
    "lapping": cash.lapping,
    "cash_counts": boxes.cash_counts,
    "bank": books.bank,
    "approvals": spending.approvals,
    "papers": spending.papers,
    "purposes": spending.purposes,
    "payees": spending.payees,
    "floats": boxes.floats,
    "corrections": books.corrections,
    "months": books.months,
    "seals": books.seals,
}

GUIDE = ("opening", *_ASKED)
"""Every step, in the order a trustee goes through them."""


def ask_step(work: Work, code: str, span: Span) -> Step:
    """One step's answer now, its figures plain numbers; NotFoundError if there is no such step."""
    if code == "opening":
        found = books.opening(work, span, last_reported(work, span))
    elif code in _ASKED:
        found = _ASKED[code](work, span)
    else:
        raise NotFoundError
    plain = {
        name: value if isinstance(value, str) else int(value)
        for name, value in found.figures.items()
    }
    return replace(found, figures=plain)


def ask_all(work: Work, span: Span) -> list[Step]:
    """All steps' answers now."""
    return [ask_step(work, code, span) for code in GUIDE]
