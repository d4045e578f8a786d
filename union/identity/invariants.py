"""The laws of signing in, as queries that return the rows at fault, if any."""

from __future__ import annotations

INVARIANTS: dict[str, str] = {
    "card_in_use_without_a_pin": """
        SELECT c.id FROM number_card c
        WHERE c.begun_at IS NOT NULL AND c.ended_at IS NULL
          AND NOT EXISTS (SELECT FROM pin p WHERE p.account_id = c.account_id)
    """,
    "card_begun_by_one_hand": """
        SELECT c.id FROM number_card c
        WHERE c.begun_at IS NOT NULL AND NOT EXISTS (
          SELECT FROM card_start s WHERE s.card_id = c.id AND s.used_at = c.begun_at)
    """,
    "browser_known_without_a_card": """
        SELECT d.id FROM own_device d
        WHERE d.ended_at IS NULL AND NOT EXISTS (
          SELECT FROM number_card c
          WHERE c.account_id = d.account_id AND c.begun_at IS NOT NULL AND c.ended_at IS NULL)
    """,
    "member_signed_in_by_a_pin_without_a_card": """
        SELECT s.account_id FROM sign_in_session s
        WHERE s.ended_at IS NULL AND s.kind = 'member'
          AND s.proofs && ARRAY['number_pin', 'pin']::varchar[]
          AND NOT EXISTS (
            SELECT FROM number_card c
            WHERE c.account_id = s.account_id AND c.begun_at IS NOT NULL AND c.ended_at IS NULL)
    """,
}
