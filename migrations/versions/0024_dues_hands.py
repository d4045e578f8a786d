"""Dues and rounds: second hands by who a person is, phones' numbers, lapse, fees set anew."""

from union.infra.revising import put_back, run, run_script

revision = "0024_dues_hands"
down_revision = "0023_cash_counts"

CHANGED = {
    "0010_rates_laws": ("dues_standing_decided",),
    "0011_rounds_laws": (
        "dues_hand_over_signed",
        "dues_difference_settled",
        "dues_sample_asked",
        "dues_said_paid_kept",
    ),
}

BACK = """
DROP TABLE round_hold;
ALTER TABLE round_device DROP CONSTRAINT round_device_collector_key;
ALTER TABLE dues_adjustment DISABLE TRIGGER dues_adjustment_append_only;
UPDATE dues_adjustment SET why = 'gone' WHERE why = 'lapsed';
ALTER TABLE dues_adjustment ENABLE TRIGGER dues_adjustment_append_only,
  DROP CONSTRAINT dues_adjustment_why_check,
  ADD CONSTRAINT dues_adjustment_why_check CHECK (why IN ('fee', 'waived', 'joined', 'gone'));
ALTER TABLE dues_rule DROP COLUMN charge_lapsed;
DROP INDEX dues_rate_category_ix;
ALTER TABLE dues_rate DISABLE TRIGGER dues_rate_is_kept;
DELETE FROM dues_rate r USING dues_rate later
 WHERE (later.category, later.from_month) = (r.category, r.from_month) AND later.id > r.id;
ALTER TABLE dues_rate ENABLE TRIGGER dues_rate_is_kept,
  ADD CONSTRAINT dues_rate_category_from_month_key UNIQUE (category, from_month);
DROP TRIGGER dues_allocation_taken ON dues_allocation;
DROP TRIGGER dues_waiver_by_another ON dues_waiver;
DROP TRIGGER dues_pays_as_by_another ON dues_pays_as;
DROP TRIGGER dues_refund_by_another ON dues_refund;
DROP TRIGGER dues_reversal_by_another ON dues_reversal;
DROP TRIGGER dues_payment_to_another ON dues_payment;
DROP TRIGGER hand_over_by_another ON hand_over;
DROP TRIGGER hand_over_posted ON hand_over;
DROP TRIGGER cash_difference_by_another ON cash_difference;
DROP TRIGGER cash_difference_posted ON cash_difference;
DROP TRIGGER collection_line_by_another ON collection_line;
DROP TRIGGER voucher_gives_up_a_difference ON voucher;
"""
MADE = (
    "dues_lapsed, dues_hold_kept, dues_allocation_taken, dues_decided_by_another,"
    " dues_paid_to_another, dues_cash_by_another, dues_check_round_posted, dues_given_up,"
    " dues_difference_free"
)


def upgrade() -> None:
    """Make the laws, the table of what phones hold, and the new columns."""
    run_script("0024_dues_hands")


def downgrade() -> None:
    """Put the older laws back; of fees written anew for one month only the latest stays."""
    run(BACK)
    for script, functions in CHANGED.items():
        put_back(script, *functions)
    run(f"DROP FUNCTION {MADE}")
