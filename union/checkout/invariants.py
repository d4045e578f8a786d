"""What must hold of card payments at every commit, as queries returning the rows that break it."""

from __future__ import annotations

INVARIANTS: dict[str, str] = {
    "lines_are_booked": """
        SELECT c.id FROM card_line c WHERE checkout_booked(c) <> checkout_due_in_books(c)
    """,
    "entries_are_as_told": """
        SELECT e.id FROM journal_entry e LEFT JOIN card_line c ON c.id = e.source_id
         WHERE e.source_kind IN ('card_line', 'card_fee', 'card_borne') AND c.id IS NULL
    """,
    "refunds_within_payments": """
        SELECT c.id FROM card_line c JOIN card_refund r ON r.line_id = c.id
         WHERE r.state <> 'failed'
         GROUP BY c.id HAVING sum(r.amount_minor) > c.amount_minor
    """,
    "returns_within_payments": """
        SELECT p.id FROM dues_payment p JOIN dues_return r ON r.payment_id = p.id
         GROUP BY p.id HAVING sum(r.amount_minor) NOT BETWEEN 0 AND p.amount_minor
    """,
    "returns_are_posted": """
        SELECT r.id FROM dues_return r
         WHERE NOT EXISTS (SELECT FROM journal_entry e
                            WHERE e.source_kind = 'dues_return' AND e.source_id = r.id)
    """,
    "placed_payments_are_on_dues": """
        SELECT c.id FROM card_line c
         WHERE c.kind = 'payment' AND c.person_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM dues_payment p WHERE p.source = 'card:' || c.ref
                              AND p.amount_minor = c.amount_minor AND p.method = 'card')
    """,
    "fee_batches_are_their_lines": """
        SELECT b.id FROM card_fee_batch b
          LEFT JOIN (SELECT fee_batch_id, sum(fee_minor
                       - CASE kind WHEN 'fee' THEN amount_minor ELSE 0 END) AS kept
                       FROM card_line GROUP BY fee_batch_id) l ON l.fee_batch_id = b.id
         WHERE b.amount_minor <> coalesce(l.kept, 0)
    """,
    "endings_are_under_way": """
        SELECT id FROM card_instruction
         WHERE end_asked_at IS NOT NULL AND state <> 'ended' AND end_due_at IS NULL
    """,
}
