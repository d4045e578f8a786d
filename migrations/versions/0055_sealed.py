"""Opening words changed by themselves, waits to be let into a case, joining around a case."""

from union.infra.revising import run, run_script

revision = "0055_sealed"
down_revision = "0054_mends"

# Whose words are others keeps them: the wrap stays as it lies. Waits are found anew by the next
# look at a case; their timers would have nobody to act on them.
BACK = """
DROP TRIGGER legal_case_begins_around ON legal_case;
DROP TRIGGER legal_case_goes_around ON legal_case;
CREATE TRIGGER legal_case_goes_around BEFORE INSERT OR UPDATE ON legal_case
  FOR EACH ROW EXECUTE FUNCTION legal_case_goes_around();
DROP TRIGGER joining_goes_around ON member;
DROP TRIGGER legal_case_hand_goes_around ON legal_case;
DROP TRIGGER case_receiver_hand_goes_around ON case_receiver;
DROP TRIGGER case_share_hand_goes_around ON case_share;
DROP FUNCTION joining_goes_around, case_hand_goes_around, case_in_wrong_hands;
DELETE FROM timer WHERE subject_type = 'case_wait';
DROP TABLE case_wait;
DROP FUNCTION case_wait_begins, case_wait_goes_on, personal_key_rewrap;
DROP TRIGGER personal_key_only_rewrapped ON personal_key;
DROP FUNCTION personal_key_only_rewrapped;
DROP TRIGGER personal_key_append_only ON personal_key;
CREATE TRIGGER personal_key_append_only BEFORE UPDATE OR DELETE ON personal_key
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE personal_key DROP COLUMN changed_at, DROP COLUMN proof_sha256;
"""


def upgrade() -> None:
    """Make the door to other words, and the waits."""
    run_script("0055_sealed")


def downgrade() -> None:
    """Take both away again."""
    run(BACK)
