"""Payments by card: what was asked and told, the provider's statement, and what is given back."""

from pathlib import Path

from alembic import op

revision = "0012_checkout"
down_revision = "0011_rounds"

SCRIPTS = Path(__file__).parents[1] / "sql"
SHAPE = "CREATE FUNCTION ledger_check_shape"


def upgrade() -> None:
    """Make the tables, then the laws."""
    for part in ("tables", "laws"):
        _run((SCRIPTS / f"0012_checkout_{part}.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take tables and functions away, and put back the laws that were widened."""
    op.execute(
        "DROP TABLE dues_return, card_reconciliation, card_payout, card_refund, card_dispute,"
        " card_line, card_fee_batch, card_event, card_checkout, card_instruction CASCADE"
    )
    op.execute(
        "DO $$ DECLARE made regprocedure; BEGIN"
        " FOR made IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " AND starts_with(proname, 'checkout_')"
        " LOOP EXECUTE 'DROP FUNCTION ' || made::text || ' CASCADE'; END LOOP; END $$"
    )
    laws = (SCRIPTS / "0003_ledger_laws.sql").read_text(encoding="utf-8")
    shape = laws[laws.index(SHAPE) :]
    _run(shape[: shape.index("END $$;") + len("END $$;")].replace("CREATE", "CREATE OR REPLACE", 1))


def _run(script: str) -> None:
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})
