"""Lock the office: a layer over every wrapped key, taken off by two; recovery by two trustees."""

from union.infra.revising import put_back, run, run_script

revision = "0050_lock"
down_revision = "0049_erasure"

BACK = """
DO $$
BEGIN
  IF office_lock_open() IS NOT NULL THEN
    RAISE EXCEPTION 'the office is locked: without these nobody could bring its keys back';
  END IF;
END $$;
DELETE FROM timer WHERE kind = 'layer_office';
DROP TRIGGER circle_key_layer_soon ON circle_key;
DROP TRIGGER case_room_key_layer_soon ON case_room_key;
DROP TRIGGER case_room_key_layered ON case_room_key;
DROP TRIGGER case_room_key_ends ON case_room_key;
DROP TRIGGER case_room_key_lawful ON case_room_key;
CREATE TRIGGER case_room_key_lawful BEFORE INSERT OR UPDATE ON case_room_key
  FOR EACH ROW EXECUTE FUNCTION case_room_key_lawful();
DROP FUNCTION case_room_key_layered;
DROP TABLE office_lock_paper, office_layer, office_reopened, office_unlock, office_unlock_part,
  office_lock_box, office_lock_keeper, office_lock;
"""
GONE = """
DROP FUNCTION office_layer_soon, office_layer_off, office_layer_on, office_wrap_becomes,
  office_wrap_of, office_wraps, office_layer_allows, office_lock_paper_once,
  office_layer_comes_off_once, office_reopened_whole, office_unlock_by_two, office_lock_with,
  office_lock_one, office_lock_open, lock_refuse;
DROP TABLE recovery_rehearsal, recovery_canary, recovery_wrap, recovery_box, recovery_set,
  recovery_paper;
DROP FUNCTION recovery_goes, recovery_is_replaced, recovery_rehearsal_true, recovery_box_by_two,
  recovery_set_made, recovery_refuse;
"""


def upgrade() -> None:
    """Make the lock and its laws."""
    run_script("0050_lock")
    run_script("0050_recovery")


def downgrade() -> None:
    """Take them away; refused while it is locked."""
    run(BACK)
    put_back("0046_keys", "circle_key_only_ends")
    run(GONE)
