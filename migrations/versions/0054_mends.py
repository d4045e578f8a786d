"""A lock's secret for two papers too; no key outlives whoever is erased by a moment's gap."""

from union.infra.revising import put_back, run, run_script

revision = "0054_mends"
down_revision = "0053_forced"

BACK = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM office_unlock WHERE proof IS NOT NULL) THEN
    RAISE EXCEPTION 'an office was brought back by two papers: restore a backup from before it';
  END IF;
  IF EXISTS (SELECT FROM office_lock_recovery WHERE lock_id = office_lock_open()) THEN
    RAISE EXCEPTION 'the office is locked: bring it back first';
  END IF;
END $$;
DROP TRIGGER erasure_key_first ON inbound_message;
DROP TRIGGER erasure_key_first ON contact;
DROP FUNCTION erasure_key_first;
DROP TRIGGER recovery_waits_for_a_lock ON recovery_box;
DROP FUNCTION recovery_waits_for_a_lock;
DROP TRIGGER office_unlock_by_papers ON office_unlock;
DROP FUNCTION office_unlock_by_papers;
DROP TRIGGER office_unlock_by_two ON office_unlock;
CREATE TRIGGER office_unlock_by_two BEFORE INSERT ON office_unlock
  FOR EACH ROW EXECUTE FUNCTION office_unlock_by_two();
ALTER TABLE office_unlock
  DROP COLUMN proof,
  ALTER first_person_id SET NOT NULL,
  ALTER second_person_id SET NOT NULL;
DROP TABLE office_lock_let_in, office_lock_recovery;
"""


def upgrade() -> None:
    """Make the box for the papers and who is let in by them; hold her texts' keys to their end."""
    run_script("0054_mends")


def downgrade() -> None:
    """Take it away; refused while a lock stands, or where two papers brought an office back."""
    run(BACK)
    put_back("0049_erasure_rows", "erasure_take_away")
