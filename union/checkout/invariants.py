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
          LEFT JOIN (SELECT fee_batch_id, sum(kept_minor) AS kept
                       FROM card_line GROUP BY fee_batch_id) l ON l.fee_batch_id = b.id
         WHERE b.amount_minor <> coalesce(l.kept, 0)
    """,
    "provider_account_is_its_statement": """
        SELECT l.entry_id FROM journal_leg l JOIN journal_entry e ON e.id = l.entry_id
          LEFT JOIN journal_entry o ON o.id = e.reverses_id
         WHERE l.account_code = '1120'
           AND coalesce(o.kind, e.kind) NOT IN ('transfer', 'payment', 'opening', 'fund_transfer')
           AND checkout_line_of(CASE WHEN o.id IS NULL THEN e ELSE o END) IS NULL
    """,
    "waiting_is_what_was_not_cleared": """
        SELECT held, waiting FROM
          (SELECT ledger_control_balance('1195') AS held) b,
          (SELECT coalesce(-sum(amount_minor), 0) AS waiting FROM card_line
            WHERE cleared_how IS NULL
              AND kind IN ('refund', 'refund_back', 'dispute', 'dispute_back')) w
         WHERE held <> waiting
    """,
    "nobodys_money_is_not_borne": """
        SELECT b.id FROM card_line b
          JOIN card_line p ON p.provider = b.provider AND p.charge_id = b.charge_id
         WHERE b.cleared_how = 'borne' AND b.amount_minor < 0
           AND p.kind = 'payment' AND p.person_id IS NULL
           AND p.amount_minor + b.amount_minor
               + (SELECT coalesce(sum(u.amount_minor), 0) FROM card_line u
                   WHERE u.provider = p.provider AND u.charge_id = p.charge_id
                     AND u.cleared_how = 'unplaced') >= 0
    """,
    "nobodys_money_stands_once": """
        SELECT p.id FROM card_line p
         WHERE p.kind = 'payment' AND p.person_id IS NULL AND p.amount_minor <> 0
           AND p.amount_minor <> -checkout_cleared(p, 'card_line', '2190')
    """,
    "payouts_that_came_back_had_gone": """
        SELECT b.id FROM card_line b
         WHERE b.kind = 'payout_back' AND NOT EXISTS (
               SELECT FROM card_line p WHERE p.provider = b.provider AND p.kind = 'payout'
                  AND p.object_id = b.object_id AND -p.amount_minor >= b.amount_minor)
    """,
    "provider_holds_what_is_booked": """
        SELECT max(period) FROM (
          SELECT period, held_minor - booked_minor AS gap FROM card_reconciliation
           WHERE finished_at IS NOT NULL AND held_minor IS NOT NULL
           ORDER BY finished_at DESC, period DESC LIMIT 3) latest
        HAVING count(*) = 3 AND min(gap) = max(gap) AND min(gap) <> 0
           AND NOT EXISTS (SELECT FROM card_aside WHERE over_at IS NULL)
    """,
    "rests_are_as_wished_or_under_way": """
        SELECT id FROM card_instruction
         WHERE state <> 'ended' AND rests <> rest_wanted AND rest_due_at IS NULL
    """,
    "endings_are_under_way": """
        SELECT id FROM card_instruction
         WHERE end_asked_at IS NOT NULL AND state <> 'ended' AND end_due_at IS NULL
    """,
}
