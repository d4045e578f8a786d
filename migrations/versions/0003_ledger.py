"""The books: chart, journal, vouchers, seals, and the laws of money as triggers and grants."""

from pathlib import Path

from alembic import op

revision = "0003_ledger"
down_revision = "0002_identity"

SCRIPTS = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Make the tables, then the chart, then the laws that would refuse nothing else's making."""
    for part in ("tables", "laws", "chart"):
        op.get_bind().exec_driver_sql(
            (SCRIPTS / f"0003_ledger_{part}.sql").read_text(encoding="utf-8"),
            execution_options={"no_parameters": True},
        )


def downgrade() -> None:
    """Take tables and functions away, the users of each before it."""
    op.execute(
        "DROP TABLE seal_entry, seal, account_day, account_balance, entry_text, journal_leg,"
        " journal_entry, voucher_approval, voucher_text, voucher, accounting_period,"
        " clearing_target, fund_purpose, account, fund CASCADE"
    )
    op.execute(
        "DO $$ DECLARE made regprocedure; BEGIN"
        " FOR made IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " AND starts_with(proname, 'ledger_')"
        " LOOP EXECUTE 'DROP FUNCTION ' || made::text || ' CASCADE'; END LOOP; END $$"
    )
