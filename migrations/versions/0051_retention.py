"""How long each kind of record is kept; legal hold."""

from union.infra.revising import run, run_script

revision = "0051_retention"
down_revision = "0050_lock"

BACK = """
DELETE FROM timer WHERE kind IN ('age_records', 'age_kind', 'destroy_aged_keys');
CREATE OR REPLACE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER reading_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reading
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER delivery_receipt_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE
  ON delivery_receipt FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER claim_hearing_append_only BEFORE UPDATE OR DELETE ON claim_hearing
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TABLE legal_hold, retention_key, retention_wish, retention_run, retention_day, retention_kind
  CASCADE;
"""

FUNCTIONS = (
    "age_out_sign_in_session",
    "age_out_enrolment_slip",
    "age_out_command",
    "age_out_delivery_receipt",
    "age_out_attempt",
    "age_out_audit_entry",
    "age_out_reading",
    "age_out_health_words",
    "retention_messages_over",
    "retention_order_keys",
    "retention_keys_over",
    "retention_key_destroyed",
    "retention_wish_by_two",
    "legal_hold_kept",
    "incident_is_over",
    "retention_stands",
    "ages_out",
    "is_gone",
    "waits_for_something",
    "is_audited",
    "is_held_key",
    "is_held_case",
    "is_held_incident",
    "is_held",
    "retention_bound",
    "union_lived_until",
    "retention_refuse",
)


def upgrade() -> None:
    """Make the rules' bounds and the holds, then the ways in which rows may age out."""
    run_script("0051_retention")
    run_script("0051_age_out")


def downgrade() -> None:
    """Nothing ages any more; what went does not come back, and a key that was ordered stays."""
    run(BACK)
    for function in FUNCTIONS:
        run(f"DROP FUNCTION {function} CASCADE")
