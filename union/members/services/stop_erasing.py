"""Her "no" to being erased, by answering from any of her telephones what she was told there (P6).

Invariant: only what was told and has not begun is stopped. From a telephone that several share
one no stops it for each of them: what is stopped can be asked for again, what is gone is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.infra import audit
from union.infra.key_ends import ERASURE, stop_orders
from union.infra.timers import finish_timers
from union.members.queries import persons_with_phone

if TYPE_CHECKING:
    from union.infra.work import Work


def stop_erasures(work: Work, e164: str) -> bool:
    """Stop what this number was told of; False where there was nothing."""
    stopped = stop_orders(work, persons_with_phone(work, e164), "answer", told_only=True)
    for order in stopped:
        finish_timers(work, ERASURE, order.id)
        audit.log(
            work,
            "erasure_stopped",
            object_type=ERASURE,
            object_id=order.id,
            subject_person_id=order.person_id,
        )
    return bool(stopped)
