"""One hand less: surplus given back, dues let off, and transfers nobody told of need a second."""

from __future__ import annotations

from union.infra.revising import put_back, run, run_script

revision = "0027_collectors_hands"
down_revision = "0026_given_up_once"

REPLACED = {
    "0020_bank_lines": "bank_charged_alone",
    "0022_funds_and_gifts": "ledger_donation_numbered",
}
"""Functions written anew here, by the script in which they stood before."""

BACK = """
DROP TRIGGER claim_paid_stands ON claim;
DROP TRIGGER dues_pays_as_was_agreed ON dues_pays_as;
DROP TRIGGER dues_waiver_was_agreed ON dues_waiver;
ALTER TABLE dues_pays_as DROP COLUMN proposal_id;
ALTER TABLE dues_waiver DROP COLUMN proposal_id;
DROP TABLE dues_proposal;
DROP TRIGGER bank_line_entry_by_another ON bank_line_entry;
DROP TRIGGER accounting_period_transfers_met ON accounting_period;
DROP TRIGGER journal_entry_transfer_told ON journal_entry;
DROP TRIGGER cash_difference_is_left ON cash_difference;
DROP TRIGGER difference_settlement_as_told ON difference_settlement;
DROP TRIGGER difference_settlement_given_back ON difference_settlement;
DROP FUNCTION welfare_paid_stands, dues_as_agreed, dues_proposal_kept, dues_took_cash_of,
  bank_receipt_met_by_another, bank_transfers_met, bank_transfers_unmet, ledger_transfer_told,
  dues_difference_is_left, dues_settled_as_told, dues_given_back, dues_counted;
"""


def upgrade() -> None:
    """Make the laws and the table of proposals."""
    run_script("0027_collectors_hands")


def downgrade() -> None:
    """Put the older laws back; what two agreed on stays, who proposed it is forgotten."""
    run(BACK)
    for script, name in REPLACED.items():
        put_back(script, name)
