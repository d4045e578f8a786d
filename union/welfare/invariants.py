"""What must always hold of claims, as queries that return whatever breaks it."""

from __future__ import annotations

INVARIANTS: dict[str, str] = {
    "paid_claim_without_payment": """
        SELECT c.id FROM claim c
        WHERE c.state = 'paid' AND NOT ledger_voucher_paid(c.voucher_id)
          AND NOT EXISTS (
            SELECT FROM outbox o JOIN outbox_delivery d ON d.outbox_id = o.id
            WHERE o.fact = 'payment_reversed' AND d.done_at IS NULL
              AND (o.ids ->> 'voucher_id')::bigint = c.voucher_id)
    """,
    "voucher_of_other_sum_or_person": """
        SELECT c.id FROM claim c JOIN voucher v ON v.id = c.voucher_id
        WHERE v.payee_person_id <> c.person_id OR v.amount_minor IS DISTINCT FROM (
          SELECT amount_minor FROM claim_decision WHERE claim_id = c.id ORDER BY id DESC LIMIT 1)
    """,
    "refused_unheard": """
        SELECT c.id FROM claim c
        WHERE c.state = 'refused' AND NOT EXISTS (
          SELECT FROM claim_hearing h
          WHERE h.claim_id = c.id AND h.heard_at >= coalesce(c.appealed_at, c.asked_at))
    """,
    "state_without_decision": """
        SELECT c.id FROM claim c
        WHERE c.state IN ('granted', 'voucher', 'paid', 'refused')
          AND (c.state = 'refused') IS DISTINCT FROM (
            SELECT outcome = 'refuse' FROM claim_decision
            WHERE claim_id = c.id ORDER BY id DESC LIMIT 1)
    """,
    "judged_by_herself": """
        SELECT d.id FROM claim_decision d JOIN claim c ON c.id = d.claim_id
        WHERE d.decided_by_person_id = c.person_id
    """,
}
