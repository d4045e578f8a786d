"""What the dues keeps; one line for each column, and nothing else."""

from __future__ import annotations

from union.infra.kept.line import Kept, Tier, Whose, closed, codes, hashed, lies_open, public

DUES: tuple[Kept, ...] = (
    *closed(Whose.HER, "person_id.key_ref", "dues_waiver.note"),
    Kept(
        "dues_proposal.note",
        Tier.CLOSED,
        Whose.HER,
        "person_id.key_ref",
        closed_as="dues_waiver.note",
    ),
    *closed(Whose.HER, "payment_id.person_id.key_ref", "dues_reversal.note"),
    *closed(Whose.HER, "key_ref", "said_paid.words"),
    *closed(Whose.FILE, "sheet_id.key_ref", "collection_line.original"),
    *closed(Whose.HER, "key_ref", "round_device.private_key"),
    lies_open(
        "collector.card_number", "the number that stands for her where her name does not", Whose.HER
    ),
    lies_open("dues_pays_as.category", "the union's own kinds of member"),
    lies_open("dues_proposal.category", "the union's own kinds of member"),
    lies_open("dues_rate.category", "the union's own kinds of member"),
    *hashed("collection_sheet", "fingerprint"),
    *hashed("round_line", "content"),
    *public("round_device", "public_key"),
    *codes("collection_line", "note reason"),
    *codes("collector", "account_code"),
    *codes("credit_movement", "fund_code"),
    *codes("dues_charge", "fund_code"),
    *codes("dues_control", "account_code fund_code"),
    *codes("dues_known", "source"),
    *codes("dues_payment", "source"),
    *codes("dues_proposal", "reason"),
    *codes("dues_return", "source"),
    *codes("hand_over", "source"),
    *codes("receipt_sample", "seed"),
)
