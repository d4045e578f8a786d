"""Dues: charges, payments, rounds and sheets, and the laws that bind them to the books."""

from pathlib import Path

from alembic import op

revision = "0006_dues"
down_revision = "0005_messages"

SCRIPTS = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Make the tables, then the laws."""
    for part in ("tables", "laws"):
        op.get_bind().exec_driver_sql(
            (SCRIPTS / f"0006_dues_{part}.sql").read_text(encoding="utf-8"),
            execution_options={"no_parameters": True},
        )


def downgrade() -> None:
    """Take tables and functions away, and the watch on the ledger's balances."""
    op.execute("DROP TRIGGER account_balance_agrees_with_dues ON account_balance")
    op.execute(
        "DROP TABLE collection_line, collection_sheet, cash_movement, cash_difference, hand_over,"
        " dues_control, member_credit, credit_movement, dues_allocation, receipt, dues_payment,"
        " receipt_book, collector, dues_opening, dues_charge, dues_slice, dues_run, dues_waiver,"
        " dues_rate CASCADE"
    )
    op.execute(
        "DO $$ DECLARE made regprocedure; BEGIN"
        " FOR made IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " AND starts_with(proname, 'dues_')"
        " LOOP EXECUTE 'DROP FUNCTION ' || made::text || ' CASCADE'; END LOOP; END $$"
    )
