"""What was due to go when a union was backed up or since, and is not sent when it comes back.

Invariant: nothing of it goes out again, for it may have gone already; what is due later has not,
and will. A page that nobody will hear is told to the search, which asks the next, so that no open
incident waits for it (C1).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.messages.models import Attempt, Message
from union.messages.rules.reach import Purpose
from union.messages.services.outgoing import RESTORED, close, end_attempt

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from union.infra.work import Work

_SEARCH_HEARS = frozenset({Purpose.PAGE, Purpose.BRIEFING, Purpose.CALLBACK})


def hold_waiting(work: Work) -> Mapping[str, int]:
    """Hold every message that is due by now or being sent; how many for each purpose."""
    rows = work.session.execute(
        select(Attempt, Message)
        .join(Message, Message.id == Attempt.message_id)
        .where(
            (Attempt.state == "leased")
            | ((Attempt.state == "due") & (Attempt.due_at <= work.clock.now()))
        )
        .order_by(Message.id)
        .with_for_update()
    ).all()
    held: Counter[str] = Counter()
    for attempt, message in rows:
        end_attempt(work, attempt, "dropped", RESTORED)
        if message.state == "waiting":
            state = "unsent" if message.purpose in _SEARCH_HEARS else "withdrawn"
            close(work, message, state, RESTORED)
            held[message.purpose] += 1
    work.session.flush()
    return held


def give_up_gone(work: Work, message_ids: Collection[int]) -> None:
    """Of these, tell the sender that nobody heard what had gone before: it goes no other way."""
    gone = (
        select(Message)
        .where(Message.id.in_(message_ids), Message.state == "handed_over")
        .order_by(Message.id)
        .with_for_update()
    )
    for message in work.session.scalars(gone).all():
        close(work, message, "unsent", RESTORED)
    work.session.flush()
