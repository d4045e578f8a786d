"""A second look: joined entries in claims and cases, lines of the bank, cash taken back."""

from union.infra.revising import put_back, run, run_script

revision = "0025_second_look"
down_revision = "0024_dues_hands"


BACK = """
DROP TRIGGER journal_entry_gift_taken_back ON journal_entry;
DROP TRIGGER dues_reversal_of_cash ON dues_reversal;
DROP TRIGGER bank_decision_deposit_hands ON bank_decision;
DROP TRIGGER bank_line_entry_no_reversal ON bank_line_entry;
DROP TRIGGER legal_case_of_another ON legal_case;
DROP TRIGGER claim_decision_by_another ON claim_decision;
DROP TRIGGER claim_hearing_by_another ON claim_hearing;
DROP FUNCTION ledger_gift_taken_back, dues_cash_taken_back, bank_deposit_hands,
  bank_reversal_is_a_return, legal_case_of_another, welfare_hand_is_another;
ALTER TABLE bank_word DROP CONSTRAINT bank_word_kind_check;
ALTER TABLE bank_word ADD CONSTRAINT bank_word_kind_check
  CHECK (kind IN ('charge', 'card_fee', 'withdrawal')) NOT VALID;
"""


def upgrade() -> None:
    """Make the laws."""
    run_script("0025_second_look")


def downgrade() -> None:
    """Put the older law back; what was said of deposits stays said."""
    run(BACK)
    put_back("0020_bank_lines", "bank_word_said")
