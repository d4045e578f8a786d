"""Cases sealed for each entitled person, in rooms with epochs; an opened key's half."""

from union.infra.revising import run, run_script

revision = "0048_rooms"
down_revision = "0047_readings"

BACK = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM case_event WHERE room_id IS NOT NULL)
    OR EXISTS (SELECT FROM case_party WHERE room_id IS NOT NULL) THEN
    RAISE EXCEPTION 'words of cases are sealed to rooms: without these nobody could open them';
  END IF;
END $$;
DROP FUNCTION case_words_seal;
DROP TRIGGER case_event_only_sealed ON case_event;
DROP TRIGGER case_party_only_sealed ON case_party;
DROP TRIGGER case_event_append_only ON case_event;
DROP TRIGGER case_party_append_only ON case_party;
CREATE TRIGGER case_event_append_only BEFORE UPDATE OR DELETE ON case_event
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_party_append_only BEFORE UPDATE OR DELETE ON case_party
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER case_event_in_its_room ON case_event;
DROP TRIGGER case_party_in_its_room ON case_party;
ALTER TABLE case_event DROP COLUMN room_id;
ALTER TABLE case_party DROP COLUMN room_id;
DROP TABLE case_room_key, case_room;
DROP FUNCTION case_words_only_sealed, case_words_in_its_room, case_room_whole,
  case_room_key_lawful, case_room_follows, case_room_opens_to;
DROP TRIGGER sign_in_session_shuts ON sign_in_session;
DROP TRIGGER sign_in_session_gone_shuts ON sign_in_session;
DROP TRIGGER sign_in_session_forced_shuts ON sign_in_session;
DROP TRIGGER role_grant_shuts ON role_grant;
DROP TRIGGER user_account_shuts ON user_account;
DROP TRIGGER personal_key_shuts ON personal_key;
DROP TABLE opened_key;
DROP FUNCTION opened_key_shuts, opened_key_lawful;
"""


def upgrade() -> None:
    """Make the half of an opened key, the rooms, and their laws."""
    run_script("0048_rooms")
    run_script("0048_rooms_laws")


def downgrade() -> None:
    """Take them away; refused while words lie in them, which nobody could open any more."""
    run(BACK)
