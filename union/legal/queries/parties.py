"""Who was taken out of a case again, because she was written down by mistake."""

from __future__ import annotations

from sqlalchemy import BigInteger, Select, select

from union.legal.models import CaseEvent

PARTY_TAKEN_OUT = "party_taken_out"
"""The line of a case's story that takes somebody out; the line that added her stays."""

PARTY_OF_EVENT = CaseEvent.facts["party_id"].astext.cast(BigInteger)
"""Whom such a line is about."""


def taken_out(case_id: int) -> Select[CaseEvent]:
    """The lines of a case that take somebody out of it."""
    return select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.code == PARTY_TAKEN_OUT)
