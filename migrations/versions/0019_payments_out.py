"""Money that leaves by voucher and payment file: hands that are two people, seen to the end.

What is on its way at the bank is neither withdrawn nor paid by hand; a refusal by the bank and a
payment booked by mistake are told by one and confirmed by another; papers come whole.
"""

from union.infra.revising import put_back, run, run_script

revision = "0019_payments_out"
down_revision = "0018_one_person"

PARTS = ("payments_out", "payments_out_laws", "papers_laws", "bills_laws")
REPLACED = {
    "0003_ledger_laws": (
        "ledger_voucher_changed",
        "ledger_voucher_approved",
        "ledger_check_payment",
    ),
    "0013_bank_laws": ("bank_item_made", "bank_begins_unconfirmed"),
    "0014_books_laws": (
        "ledger_voucher_prepared",
        "ledger_check_papers",
        "ledger_paper_laid",
        "ledger_voucher_worded",
    ),
}
"""Functions written anew here, by the script in which they stood before."""

UNDONE = """
DROP TRIGGER credit_movement_refund_back ON credit_movement;
DROP TRIGGER journal_leg_bill_moved ON journal_leg;
DROP TRIGGER float_answer_holds_papers ON float_answer;
DROP TRIGGER paper_whole ON paper;
DROP TRIGGER paper_piece_laid ON paper_piece;
DROP TRIGGER bank_address_confirmed_by_another ON bank_address;
DROP TRIGGER bank_payee_confirmed_by_another ON bank_payee;
DROP TRIGGER bank_batch_goes ON bank_batch;
DROP TRIGGER voucher_withdrawn_leaves_file ON voucher;
DROP TRIGGER bank_batch_item_ended ON bank_batch_item;
DROP TRIGGER journal_entry_payment_reversed ON journal_entry;
DROP TRIGGER journal_entry_payment_posted ON journal_entry;
DROP TABLE bank_item_refusal, payment_mistake;
DROP FUNCTION dues_refund_back(), ledger_bill_moved(), ledger_settlement_held(),
  ledger_paper_whole(), ledger_piece_laid(), ledger_paper_pieces(integer),
  bank_confirmed_by_another(), bank_batch_goes(), bank_voucher_withdrawn(), bank_item_ended(),
  bank_refusal_said(), ledger_mistake_booked(), ledger_mistake_said(),
  ledger_two_say_so(text, bigint, bigint, bigint, bigint), ledger_payment_reversed(),
  ledger_payment_posted();
"""

LAST = """
DROP FUNCTION ledger_check_laying(varchar, bigint), bank_details_hold(bank_payee),
  bank_hold_on_its_way(bigint), ledger_voucher_on_its_way(bigint), ledger_voucher_settled(bigint),
  ledger_voucher_paid(bigint), ledger_voucher_hands(bigint);
DROP INDEX journal_entry_voucher_id_ix;
ALTER TABLE journal_entry ADD CONSTRAINT journal_entry_voucher_id_key UNIQUE (voucher_id);
ALTER TABLE bank_batch_item DROP CONSTRAINT bank_batch_item_ended_how_check;
ALTER TABLE bank_batch_item ADD CONSTRAINT bank_batch_item_ended_how_check
  CHECK (ended_how IN ('failed', 'taken_out'));
"""


def upgrade() -> None:
    """Make the tables, then the laws over them."""
    for part in PARTS:
        run_script(f"0019_{part}")


def downgrade() -> None:
    """Take it back; books in which a voucher was paid again, or a payment returned, refuse."""
    run(UNDONE)
    for script, names in REPLACED.items():
        put_back(script, *names)
    run(LAST)
