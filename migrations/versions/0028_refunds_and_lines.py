"""Refunds end by the card company's word alone; standing payments may rest; a No leaves a trace."""

from union.infra.revising import run, run_script

revision = "0028_refunds_and_lines"
down_revision = "0027_collectors_hands"

BACK = """
DROP TRIGGER bank_payee_refused ON bank_payee;
DROP TRIGGER bank_word_refused ON bank_word;
DROP TRIGGER card_instruction_rest_kept ON card_instruction;
DROP TRIGGER card_refund_fails_by_word ON card_refund;
DROP FUNCTION bank_payee_refused, bank_word_refused, checkout_rest_kept, checkout_refund_fails;
ALTER TABLE bank_payee
  DROP CONSTRAINT bank_payee_refused_check,
  DROP COLUMN refused_at, DROP COLUMN refused_by, DROP COLUMN refused_note;
ALTER TABLE bank_word DROP COLUMN ended_note;
DROP INDEX card_instruction_rest_due_ix;
ALTER TABLE card_instruction
  DROP CONSTRAINT card_instruction_rest_due_check,
  DROP CONSTRAINT card_instruction_rest_round_check,
  DROP COLUMN rests, DROP COLUMN rest_wanted, DROP COLUMN rest_round,
  DROP COLUMN rest_asked_at, DROP COLUMN rest_asked_by, DROP COLUMN rest_due_at;
"""


def upgrade() -> None:
    """Make the columns and the laws; what failed before stays failed."""
    run_script("0028_refunds_and_lines")


def downgrade() -> None:
    """Take them away again, and with them the reasons that were given."""
    run(BACK)
