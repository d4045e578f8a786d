"""Cards: the provider's account is its statement; a bad line is set aside and the rest goes on.

Each line is booked once and of its own kind, only money that came by card goes back by card, and
whoever adds up and then writes waits for whoever does the same.
"""

from alembic import op

from union.infra.revising import put_back, run, run_script

revision = "0021_cards"
down_revision = "0020_bank_lines"

REPLACED = (
    "ledger_check_shape",
    "checkout_line_kept",
    "checkout_refund_bounded",
    "checkout_return_bounded",
)
MADE = (
    "checkout_account_is_statement()",
    "checkout_asking_kept()",
    "checkout_cleared(card_line, text, text)",
    "checkout_dispute_kept()",
    "checkout_fees_booked()",
    "checkout_fees_taken()",
    "checkout_line_cleared()",
    "checkout_line_of(journal_entry)",
    "checkout_payout_kept()",
    "checkout_refund_goes_on()",
    "checkout_sees_others()",
    "checkout_taken_back()",
    "checkout_told(journal_entry, card_line)",
)
UNDONE = """
DROP TABLE card_aside;
DELETE FROM clearing_target
  WHERE (account_code, target_code) IN (('1195', '2190'), ('2190', '1195'));
DROP INDEX card_line_fee_batch_ix;
ALTER TABLE card_line
  DROP CONSTRAINT card_line_cleared_how_check,
  ADD CONSTRAINT card_line_cleared_how_check
    CHECK (cleared_how IN ('to_her', 'from_her', 'offset', 'borne')),
  DROP CONSTRAINT card_line_sign_check,
  ADD CONSTRAINT card_line_sign_check CHECK (CASE
    WHEN kind IN ('refund', 'dispute', 'fee', 'payout') THEN amount_minor < 0
    ELSE amount_minor > 0 END),
  DROP COLUMN kept_minor;
"""


def upgrade() -> None:
    """Make the laws; four functions of before are replaced."""
    run_script("0021_cards")


def downgrade() -> None:
    """Take the laws away; what was replaced is again what it was."""
    put_back("0012_checkout_laws", *REPLACED)
    for made in MADE:
        op.execute(f"DROP FUNCTION {made} CASCADE")
    run(UNDONE)
