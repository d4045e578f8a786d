"""Cash taken since it was last counted: it is in her hands, and nothing is amiss with it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

# A line settled by hand afterwards is of the round that was counted, not of a new one.
_FRESH = text("""
SELECT k.id FROM collector k
  JOIN LATERAL (SELECT h.happened_on, h.made_at FROM hand_over h WHERE h.collector_id = k.id
                 ORDER BY h.happened_on DESC, h.id DESC LIMIT 1) last ON true
 WHERE k.id = ANY(CAST(:ids AS bigint[])) AND EXISTS (
   SELECT FROM dues_payment p
    WHERE p.collector_id = k.id
      AND NOT EXISTS (SELECT FROM dues_reversal v WHERE v.payment_id = p.id)
      AND (p.happened_on > last.happened_on
           OR (p.happened_on = last.happened_on AND p.received_at > last.made_at
               AND NOT EXISTS (SELECT FROM collection_line l WHERE l.payment_id = p.id
                                  AND l.verdict IN ('refused', 'missing')))))
""")


def still_collecting(session: Session, collector_ids: Collection[int]) -> set[int]:
    """Who of these took money since her cash was last counted."""
    return set(session.scalars(_FRESH, {"ids": list(collector_ids)}))
