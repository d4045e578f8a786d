"""What the bank's lines keeps; one line for each column, and nothing else."""

from __future__ import annotations

from union.infra.kept.line import Kept, Tier, Whose, closed, codes, hashed, lies_open

BANK: tuple[Kept, ...] = (
    *closed(Whose.HER, "key_ref", "bank_line.words"),
    *closed(
        Whose.FILE,
        "line_id.statement_id.key_ref",
        "bank_decision.note",
        "bank_word.note",
    ),
    Kept(
        "bank_word.ended_note",
        Tier.CLOSED,
        Whose.FILE,
        "line_id.statement_id.key_ref",
        closed_as="bank_word.note",
    ),
    *closed(Whose.HER, "key_ref", "bank_payee.details", "bank_payee.refused_note"),
    *closed(Whose.FILE, "key_ref", "bank_upload.content"),
    lies_open("bank_account.number_tail", "the last figures of the union's own account"),
    lies_open("bank_address.address", "where the union is paid; printed for everybody"),
    lies_open("bank_address.payee_name", "the neutral name the union is paid under"),
    lies_open("bank_mapping.columns", "the headings of a bank's file, never its rows"),
    lies_open("bank_upload.columns", "the headings of a bank's file, never its rows"),
    *hashed("bank_account", "number_index"),
    *hashed("bank_line", "mark payer_index"),
    *hashed("bank_payee", "number_index"),
    *hashed("bank_statement", "file_hash"),
    *codes("bank_batch", "code"),
    *codes("bank_batch_item", "code"),
    *codes("bank_decision", "kind reasons"),
    *codes("bank_pay_code", "code"),
    *codes("bank_statement", "file_kind"),
)
