"""What must always hold of cases, as queries that return whatever breaks it."""

from __future__ import annotations

INVARIANTS: dict[str, str] = {
    "open_case_nobody_looks_at": """
        SELECT c.id FROM legal_case c
        WHERE c.state = 'open' AND NOT EXISTS (
          SELECT FROM timer t
          WHERE t.subject_type = 'legal_case' AND t.subject_id = c.id AND t.done_at IS NULL)
    """,
    "open_case_without_next_step": """
        SELECT id FROM legal_case
        WHERE state = 'open' AND num_nonnulls(next_step, next_on) < 2
    """,
    "follow_up_without_case": """
        SELECT i.id FROM incident i
        WHERE i.state = 'closed' AND i.follow_up
          AND NOT EXISTS (SELECT FROM legal_case c WHERE c.incident_id = i.id)
          AND NOT EXISTS (
            SELECT FROM outbox o JOIN outbox_delivery d ON d.outbox_id = o.id
            WHERE o.fact = 'follow_up_needed' AND (o.ids ->> 'incident_id')::bigint = i.id
              AND d.done_at IS NULL)
    """,
}
