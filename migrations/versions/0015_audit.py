"""Seals that the database checks itself, signed heads, and the trustees' workspace."""

from pathlib import Path

from alembic import op

revision = "0015_audit"
down_revision = "0014_books"

SCRIPTS = Path(__file__).parents[1] / "sql"
PARTS = ("seals", "audit")

FUNCTIONS = (
    "audit_signed()",
    "audit_refuse_after_report()",
    "ledger_head_said()",
    "ledger_seal_laid()",
    "ledger_entries_sealed()",
    "ledger_seal_hash(seal)",
    "ledger_entry_hash(journal_entry)",
)


def upgrade() -> None:
    """Make the checks of the chain, then the tables of the trustees."""
    for part in PARTS:
        op.get_bind().exec_driver_sql(
            (SCRIPTS / f"0015_{part}.sql").read_text(encoding="utf-8"),
            execution_options={"no_parameters": True},
        )


def downgrade() -> None:
    """Take the trustees' tables away, and leave the chain as it stood."""
    op.execute("DELETE FROM timer WHERE kind = 'seal_books'")
    op.execute("DROP TRIGGER seal_entry_fits ON seal_entry")
    op.execute("DROP TRIGGER seal_laid ON seal")
    op.execute(
        "DROP TABLE audit_signature, audit_report, audit_answer, audit_finding,"
        " audit_sample_item, audit_sample, audit, person_signing_key, seal_head CASCADE"
    )
    for made in FUNCTIONS:
        op.execute(f"DROP FUNCTION {made} CASCADE")
