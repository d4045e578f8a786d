"""The laws of words out and in, as queries that return the rows at fault, if any."""

from __future__ import annotations

INVARIANTS: dict[str, str] = {
    "waiting_without_an_attempt": """
        SELECT m.id FROM message m
        WHERE m.state = 'waiting' AND NOT EXISTS (
          SELECT FROM attempt a
          WHERE a.message_id = m.id AND a.state IN ('due', 'leased'))
    """,
    "given_up_but_still_due": """
        SELECT m.id FROM message m JOIN attempt a ON a.message_id = m.id
        WHERE m.state IN ('unsent', 'withheld') AND a.state IN ('due', 'leased')
    """,
    "handed_over_without_a_provider": """
        SELECT m.id FROM message m
        WHERE m.state = 'handed_over' AND NOT EXISTS (
          SELECT FROM attempt a
          WHERE a.message_id = m.id AND a.state = 'handed_over' AND a.provider IS NOT NULL)
    """,
    "came_in_and_nobody_was_told": """
        SELECT i.id FROM inbound_message i
        WHERE i.attempt_id IS NULL AND NOT EXISTS (
          SELECT FROM outbox o
          WHERE o.fact = 'inbound_stored' AND (o.ids ->> 'inbound_id')::bigint = i.id)
    """,
}
