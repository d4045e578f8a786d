"""Erasure by destroying keys: an order by two, key ends, certificates in a chain."""

from alembic import op

from union.infra.revising import run_script

revision = "0049_erasure"
down_revision = "0048_rooms"

FUNCTIONS = (
    "erasure_take_away(bigint, timestamptz)",
    "erasure_forget(bigint, timestamptz)",
    "erasure_forget_accounts(bigint, timestamptz)",
    "erasure_waits()",
    "erasure_by_owner()",
    "erasure_rows(bigint)",
    "erasure_left(bigint)",
    "erasure_keys(bigint)",
    "erasure_numbers(bigint)",
    "erasure_hindrances(bigint)",
    "erasure_joins_nobody()",
    "erasure_certificate_chained()",
    "key_end_kept()",
    "erasure_kept()",
    "erasure_entries(bigint)",
    "erasure_held(bigint)",
    "erasure_refuse(text, bigint)",
)

AS_BEFORE = """
DROP TRIGGER collection_line_settled ON collection_line;
CREATE TRIGGER collection_line_settled BEFORE UPDATE ON collection_line
  FOR EACH ROW EXECUTE FUNCTION dues_line_settled();
DROP TRIGGER bank_payee_changes_once ON bank_payee;
CREATE TRIGGER bank_payee_changes_once BEFORE UPDATE ON bank_payee
  FOR EACH ROW EXECUTE FUNCTION bank_changes_once();
DROP TRIGGER legal_case_kept ON legal_case;
CREATE TRIGGER legal_case_kept BEFORE UPDATE ON legal_case
  FOR EACH ROW EXECUTE FUNCTION legal_case_kept();
"""
"""Three laws that make room for one column each are whole again."""


def upgrade() -> None:
    """Make the order and its steps, then what they take away."""
    run_script("0049_erasure")
    run_script("0049_erasure_rows")


def downgrade() -> None:
    """Take orders and certificates away; who was erased stays so."""
    op.execute("DELETE FROM timer WHERE kind = 'erase'")
    for table in ("erasure_certificate", "key_end", "erasure"):
        op.execute(f"DROP TABLE {table} CASCADE")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function} CASCADE")
    op.execute(AS_BEFORE)
    op.execute("ALTER TABLE member DROP COLUMN erased_at")
