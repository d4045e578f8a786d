"""Lines of the bank: statements whole, two hands where money went, nothing carried for ever.

What one may call a charge alone is bounded; cash drawn and what a card company took back stand
on a second person's word or on the company's own line; one line is one movement in the books.
"""

from alembic import op

from union.infra.revising import put_back, run_script

revision = "0020_bank_lines"
down_revision = "0019_payments_out"

REPLACED = (
    "bank_decided",
    "bank_decision_booked",
    "bank_line_booked",
    "bank_charge_is_its_line",
)
MADE = (
    "bank_statement_begun()",
    "bank_statement_whole()",
    "bank_lines_came()",
    "bank_lines_seen()",
    "bank_line_came_booked()",
    "bank_ceiling_now()",
    "bank_ceiling_confirmed()",
    "bank_charged_alone(date, bigint)",
    "bank_word_said()",
    "bank_word_ended()",
    "bank_decision_hands()",
)


def upgrade() -> None:
    """Make the tables and laws; functions of before are replaced."""
    run_script("0020_bank_lines")


def downgrade() -> None:
    """Take tables and laws away; replaced functions are again what they were."""
    put_back("0013_bank_laws", *REPLACED)
    for made in MADE:
        op.execute(f"DROP FUNCTION {made} CASCADE")
    op.execute("DELETE FROM timer WHERE kind = 'drop_bank_upload'")
    op.execute(
        "ALTER TABLE bank_decision DROP CONSTRAINT bank_decision_card_line_check,"
        " DROP COLUMN word_id, DROP COLUMN card_line_id"
    )
    op.execute("ALTER TABLE bank_statement DROP COLUMN file_hash, DROP COLUMN made_in")
    op.execute("ALTER TABLE bank_upload DROP COLUMN ended_at")
    op.execute("DROP TABLE bank_statement_line, bank_word, bank_ceiling CASCADE")
