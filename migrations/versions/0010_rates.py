"""Rates: dated rules and categories, differences, standing, payments taken back, reminders."""

import re
from pathlib import Path

from alembic import op

revision = "0010_rates"
down_revision = "0009_legal"

SCRIPTS = Path(__file__).parents[1] / "sql"
CHANGED = ("dues_cash_moved", "dues_check_payment")

BACK = """
DROP TRIGGER dues_waiver_append_only ON dues_waiver;
GRANT UPDATE, DELETE ON dues_waiver TO sangha_app;
DROP TRIGGER receipt_added ON receipt;
ALTER TABLE receipt DROP CONSTRAINT receipt_number_key, DROP COLUMN turn,
  ADD CONSTRAINT receipt_number_key UNIQUE NULLS NOT DISTINCT (collector_id, number);
ALTER TABLE cash_movement DROP COLUMN reversal_id,
  ADD CONSTRAINT cash_movement_one_source_check CHECK (num_nonnulls(payment_id, hand_over_id,
    difference_id) = 1);
DROP TRIGGER credit_movement_refunds ON credit_movement;
DROP INDEX credit_movement_payment_key;
ALTER TABLE credit_movement DROP COLUMN refund_id,
  DROP CONSTRAINT credit_movement_sign_check,
  DROP CONSTRAINT credit_movement_kind_check, DROP CONSTRAINT credit_movement_payment_check,
  ADD CONSTRAINT credit_movement_kind_check CHECK (kind IN ('surplus', 'opening', 'used',
    'withdrawn')),
  ADD CONSTRAINT credit_movement_payment_check CHECK ((kind = 'surplus') = (payment_id IS
    NOT NULL));
CREATE UNIQUE INDEX credit_movement_payment_key ON credit_movement (payment_id)
  WHERE payment_id IS NOT NULL;
ALTER TABLE dues_allocation DROP CONSTRAINT dues_allocation_amount_check,
  DROP CONSTRAINT dues_allocation_kind_check, DROP CONSTRAINT dues_allocation_payment_check,
  ADD CONSTRAINT dues_allocation_amount_check CHECK (amount_minor > 0),
  ADD CONSTRAINT dues_allocation_kind_check CHECK (kind IN ('payment', 'credit', 'withdrawn')),
  ADD CONSTRAINT dues_allocation_payment_check CHECK ((kind = 'payment') = (payment_id IS
    NOT NULL));
DROP TABLE dues_reminder, dues_reminder_round, dues_known, dues_standing_event, dues_refund,
  dues_reversal, dues_adjustment, dues_waiver_end, dues_pays_as, dues_rule;
DROP FUNCTION dues_receipt_written, dues_refund_moved, dues_check_refund, dues_standing_decided;
ALTER TABLE dues_charge DROP CONSTRAINT dues_charge_person_id_month_kind_key, DROP COLUMN part,
  ADD CONSTRAINT dues_charge_person_id_month_kind_key UNIQUE (person_id, month, kind),
  DROP CONSTRAINT dues_charge_kind_check,
  ADD CONSTRAINT dues_charge_kind_check CHECK (kind IN ('fee', 'joining', 'other'));
ALTER TABLE dues_slice DROP COLUMN less_minor;
ALTER TABLE dues_run DROP CONSTRAINT dues_run_kind_check,
  ADD CONSTRAINT dues_run_kind_check CHECK (kind IN ('monthly', 'opening', 'withdrawal'));
"""


def upgrade() -> None:
    """Make the tables, then the laws."""
    for part in ("tables", "laws"):
        _run((SCRIPTS / f"0010_rates_{part}.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take it back; a union that posted differences, reversals or refunds cannot (M2)."""
    _run(BACK)
    before = (SCRIPTS / "0006_dues_laws.sql").read_text(encoding="utf-8")
    for name in CHANGED:
        made = re.search(
            rf"CREATE (FUNCTION {name}\(.*?^END \$\$;)", before, re.DOTALL | re.MULTILINE
        )
        _run(f"CREATE OR REPLACE {made[1]}")


def _run(script: str) -> None:
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})
