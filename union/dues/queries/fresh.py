"""Cash taken since it was last counted: it is in her hands, and nothing is amiss with it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

# A line settled by hand afterwards is of the round that was counted, not of a new one.
_FRESH = text("""
SELECT k.id, last.whole, coalesce(sum(p.amount_minor), 0) AS minor FROM collector k
  JOIN LATERAL (SELECT h.happened_on, h.made_at, h.whole FROM hand_over h
                 WHERE h.collector_id = k.id
                 ORDER BY h.happened_on DESC, h.id DESC LIMIT 1) last ON true
  JOIN LATERAL (SELECT coalesce(max(d.id), 0) AS id FROM cash_movement d
                 WHERE d.collector_id = k.id AND d.difference_id IS NOT NULL) closed ON true
  LEFT JOIN (dues_payment p JOIN cash_movement m ON m.payment_id = p.id)
    ON p.collector_id = k.id AND m.id > closed.id
   AND NOT EXISTS (SELECT FROM dues_reversal v WHERE v.payment_id = p.id)
   AND (p.happened_on > last.happened_on
        OR (p.happened_on = last.happened_on AND p.received_at > last.made_at
            AND NOT EXISTS (SELECT FROM collection_line l WHERE l.payment_id = p.id
                               AND l.verdict IN ('refused', 'missing'))))
 WHERE k.id = ANY(CAST(:ids AS bigint[])) GROUP BY k.id, last.whole
""")


def still_collecting(session: Session, collector_ids: Collection[int]) -> set[int]:
    """Who of these took money since her cash was last counted."""
    rows = session.execute(_FRESH, {"ids": list(collector_ids)})
    return {collector_id for collector_id, _, minor in rows if minor}


def taken_since(session: Session, collector_ids: Collection[int]) -> dict[int, int]:
    """What each took since all she had was counted, in paise; only those of whom that is so."""
    rows = session.execute(_FRESH, {"ids": list(collector_ids)})
    return {collector_id: int(minor) for collector_id, whole, minor in rows if whole}
