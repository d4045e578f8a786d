"""What the payments by card keeps; one line for each column, and nothing else."""

from __future__ import annotations

from union.infra.kept.line import Kept, codes

CHECKOUT: tuple[Kept, ...] = (
    *codes("card_aside", "provider provider_id kind code"),
    *codes("card_checkout", "provider provider_id"),
    *codes("card_dispute", "provider provider_id charge_id reason"),
    *codes("card_event", "provider event_id kind subject subject_id error_code"),
    *codes("card_instruction", "provider provider_id ended_why end_asked_why"),
    *codes("card_line", "provider provider_id kind charge_id object_id"),
    *codes("card_payout", "provider provider_id"),
    *codes("card_reconciliation", "name period error_code"),
    *codes("card_refund", "provider_id"),
)
