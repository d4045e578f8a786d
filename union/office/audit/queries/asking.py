"""How a step asks: one SQL question over the days of an audit, its rows cut where a page ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, text

from union.infra.work import Work
from union.office.audit.rules.steps import ROWS_SHOWN, Span


def ask(work: Work, question: str, span: Span, **more: object) -> list[Row[Any]]:
    """All rows of a question that may name ``:from_on``, ``:to_on`` and ``:zone``, the union's."""
    days = {"from_on": span.from_on, "to_on": span.to_on}
    values = {**days, "zone": work.clock.zone.key, **more}
    return list(work.session.execute(text(question), values))


def one(work: Work, question: str, span: Span, **more: object) -> Row[Any]:
    """The one row of a question that counts and adds up."""
    return ask(work, question, span, **more)[0]


def shown(rows: Sequence[Iterable[Any]]) -> list[tuple[Any, ...]]:
    """As many rows as a page shows."""
    return [tuple(row) for row in rows[:ROWS_SHOWN]]
