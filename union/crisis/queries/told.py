"""How each asked person was told, try by try, and what the telephone companies say became of it.

What they say is shown beside each try, and counts for nothing (C3).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Page
from union.messages.models import Attempt, DeliveryReceipt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class Try:
    """One try by one way: its state, when it ended, and what the company said of it, in order."""

    channel: str
    state: str
    at: datetime
    provider: str | None
    said: list[tuple[str, datetime]] = field(default_factory=list)


def tries_of(work: Work, incident_id: int) -> Mapping[str, Sequence[Try]]:
    """By the reference of each page of an incident the tries of its newest message, in order."""
    rows = work.session.execute(
        select(Page.ref, Attempt, DeliveryReceipt.word, DeliveryReceipt.at)
        .join(Attempt, Attempt.message_id == Page.message_id)
        .outerjoin(DeliveryReceipt, DeliveryReceipt.attempt_id == Attempt.id)
        .where(Page.incident_id == incident_id)
        .order_by(Attempt.message_id, Attempt.number, DeliveryReceipt.id)
    )
    found: defaultdict[str, dict[int, Try]] = defaultdict(dict)
    for ref, attempt, word, at in rows:
        tried = found[ref].setdefault(attempt.id, _try(attempt))
        if word is not None:
            tried.said.append((word, at))
    return {ref: list(tries.values()) for ref, tries in found.items()}


def _try(attempt: Attempt) -> Try:
    at = attempt.ended_at or attempt.due_at
    return Try(attempt.channel, attempt.state, at, attempt.provider)
