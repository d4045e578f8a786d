"""The bank: statements, what was decided about each line, payments out, and their laws."""

from pathlib import Path

from alembic import op

revision = "0013_bank"
down_revision = "0012_checkout"

SCRIPTS = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Make the tables, then the laws."""
    for part in ("tables", "laws"):
        op.get_bind().exec_driver_sql(
            (SCRIPTS / f"0013_bank_{part}.sql").read_text(encoding="utf-8"),
            execution_options={"no_parameters": True},
        )


def downgrade() -> None:
    """Take the watches on the ledger away, then view, tables and functions, then the account."""
    op.execute("DROP TRIGGER accounting_period_lines_decided ON accounting_period")
    op.execute("DROP TRIGGER journal_entry_charge_is_its_line ON journal_entry")
    op.execute("DROP VIEW bank_line_now CASCADE")
    op.execute(
        "DROP TABLE bank_batch_item, bank_batch, bank_payee, bank_address, bank_pay_code,"
        " bank_line_entry, bank_decision, bank_line, bank_statement, bank_upload, bank_mapping,"
        " bank_account CASCADE"
    )
    op.execute(
        "DO $$ DECLARE made regprocedure; BEGIN"
        " FOR made IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " AND starts_with(proname, 'bank_')"
        " LOOP EXECUTE 'DROP FUNCTION ' || made::text || ' CASCADE'; END LOOP; END $$"
    )
    op.execute("ALTER TABLE account DISABLE TRIGGER account_is_kept")
    op.execute(
        "DELETE FROM account a WHERE code = '2220' AND NOT EXISTS"
        " (SELECT FROM account_balance b WHERE b.account_code = a.code)"
    )
    op.execute("ALTER TABLE account ENABLE TRIGGER account_is_kept")
