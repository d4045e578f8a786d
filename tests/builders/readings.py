"""Readings for tests: a sound reason, and what was written down of whom."""

from __future__ import annotations

from sqlalchemy import select

from union.infra.readings import ReadingRow, Reason, Why
from union.infra.work import Work

WHY = Why(Reason.SHE_ASKED)
SAID_WHY = {"reason": "she_asked"}
"""The same as a form sends it."""


def written_down(work: Work, what: str | None = None, **fields: object) -> list[ReadingRow]:
    """The readings, oldest first; of one sort, and whose columns say this."""
    rows = select(ReadingRow).filter_by(**fields).order_by(ReadingRow.id)
    return list(work.session.scalars(rows if what is None else rows.where(ReadingRow.what == what)))
