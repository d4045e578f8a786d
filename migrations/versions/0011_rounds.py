"""Rounds: issued books, phones, countersigned hand-overs, settled differences, second questions."""

from pathlib import Path

from alembic import op

revision = "0011_rounds"
down_revision = "0010_rates"

SCRIPTS = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Make the tables, then the laws."""
    for name in ("0011_rounds", "0011_rounds_laws"):
        op.get_bind().exec_driver_sql(
            (SCRIPTS / f"{name}.sql").read_text(encoding="utf-8"),
            execution_options={"no_parameters": True},
        )


def downgrade() -> None:
    """Take the tables away and give the books back their old shape; issued ones must not overlap.

    Books brought back half used keep their whole range again.
    """
    op.execute(
        "DROP TABLE said_paid, receipt_sample_item, receipt_sample, round_line, round_device,"
        " round_member, difference_settlement, hand_over_signature"
    )
    op.execute("DROP TRIGGER receipt_book_kept ON receipt_book")
    op.execute("DROP TRIGGER receipt_book_never_emptied ON receipt_book")
    op.execute("GRANT UPDATE ON receipt_book TO sangha_app")
    op.execute(
        "ALTER TABLE receipt_book DROP CONSTRAINT receipt_book_issued_excl,"
        " DROP CONSTRAINT receipt_book_numbers_excl,"
        " DROP COLUMN issued_by, DROP COLUMN returned_on, DROP COLUMN unused_from,"
        " DROP COLUMN returned_at, DROP COLUMN returned_by,"
        " ADD CONSTRAINT receipt_book_numbers_excl EXCLUDE USING gist (int8range(collector_id,"
        " collector_id, '[]') WITH &&, int8range(first_no, last_no, '[]') WITH &&)"
    )
    op.execute(
        "DROP FUNCTION dues_book_kept, dues_hand_over_signed, dues_difference_settled,"
        " dues_check_settlement, dues_device_kept, dues_sample_asked, dues_said_paid_kept,"
        " dues_only_changes"
    )
