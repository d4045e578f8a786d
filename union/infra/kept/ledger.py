"""What the books keeps; one line for each column, and nothing else."""

from __future__ import annotations

from union.infra.kept.line import Kept, Whose, closed, codes, hashed, lies_open, public

LEDGER: tuple[Kept, ...] = (
    *closed(
        Whose.HER,
        "key_ref",
        "entry_text.body",
        "voucher_text.body",
        "donation.giver",
        "donation.words",
        "float_settlement.words",
        "inter_fund_transfer.words",
        "payment_mistake.words",
    ),
    *closed(Whose.HER, "person_id.key_ref", "payee.name"),
    *closed(Whose.HER, "paper_id.key_ref", "paper_piece.body"),
    lies_open("account.name", "the chart of accounts is open to every member"),
    lies_open("fund.name", "the funds are open to every member"),
    *hashed("paper", "content_hash"),
    *hashed("voucher", "papers_hash content_hash"),
    *hashed("voucher_approval", "content_hash"),
    *public("seal", "content_hash"),
    *public("seal_entry", "content_hash"),
    *public("seal_head", "previous_hash seal_hash public_key signature"),
    *codes("account", "code"),
    *codes("account_day", "account_code fund_code"),
    *codes("cash_count", "pieces"),
    *codes("float_purpose", "code"),
    *codes("fund", "code"),
    *codes("journal_entry", "kind"),
    *codes("journal_leg", "account_code fund_code"),
    *codes("month_close", "looked_at"),
)
