"""How a step asks: one SQL question over the days of an audit, its rows cut where a page ends."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from union.office.audit.rules.steps import ROWS_SHOWN, Span


def ask(session: Session, question: str, span: Span, **more: object) -> list[Any]:
    """All rows of a question that may name ``:from_on`` and ``:to_on``."""
    values = {"from_on": span.from_on, "to_on": span.to_on, **more}
    return list(session.execute(text(question), values))


def one(session: Session, question: str, span: Span, **more: object) -> Any:  # noqa: ANN401  the question's own columns
    """The one row of a question that counts and adds up."""
    return ask(session, question, span, **more)[0]


def shown(rows: list[Any]) -> list[tuple[Any, ...]]:
    """As many rows as a page shows."""
    return [tuple(row) for row in rows[:ROWS_SHOWN]]
