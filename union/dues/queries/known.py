"""Whose money somebody knows of though nobody has booked it: she is neither reminded nor judged."""

from __future__ import annotations

KNOWN = """
SELECT l.person_id FROM collection_line l
 WHERE l.person_id IS NOT NULL AND l.verdict IN ('refused', 'missing') AND l.settled_at IS NULL
UNION
SELECT s.person_id FROM said_paid s WHERE s.settled_at IS NULL
UNION
SELECT k.person_id FROM dues_known k WHERE k.done_at IS NULL
"""
"""People with a waiting line of a sheet or round, "I paid this" not settled, or noted elsewhere."""
