"""One clock for one person; medicine put right; clocks handed on; who may look back; a calendar."""

from __future__ import annotations

from union.infra.revising import put_back, run, run_script

revision = "0038_clocks"
down_revision = "0037_answers"

BACK = """
DROP TABLE rota_feed;
DROP TRIGGER lesson_done_by_who_may ON lesson;
DROP TRIGGER lesson_by_who_may ON lesson;
DROP TRIGGER debrief_person_by_who_may ON debrief_person;
DROP TRIGGER debrief_by_who_may ON debrief;
DROP TRIGGER medical_clock_followed ON medical_clock;
DROP TRIGGER medical_clock_handed_on ON medical_clock;
DROP TABLE medical_handover;
DROP TRIGGER medicine_corrected ON taken_medicine;
DROP TRIGGER medicine_corrects ON taken_medicine;
DROP TRIGGER taken_medicine_corrects_stays ON taken_medicine;
DROP TRIGGER incident_one_clock ON incident;
DROP TRIGGER taken_one_clock ON taken;
DROP TRIGGER custody_clock_one_clock ON custody_clock;
DROP FUNCTION rota_feed_stays, after_by_who_may, coordinated_at, went_there,
  medical_handover_followed, medical_clock_handed_on, medical_handover_stays, medicine_put_right,
  custody_one_clock, has_hours, incident_family, incident_root;
DROP INDEX incident_merged_into_ix;
"""
OLD_WORDS = """
ALTER TABLE taken_medicine DISABLE TRIGGER taken_medicine_stays;
UPDATE taken_medicine SET ended_how = 'not_needed' WHERE ended_how = 'corrected';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE taken_medicine ENABLE TRIGGER taken_medicine_stays;
ALTER TABLE taken_medicine
  DROP COLUMN corrects_id,
  DROP CONSTRAINT taken_medicine_ended_how_check,
  ADD CONSTRAINT taken_medicine_ended_how_check CHECK (ended_how IN ('given', 'not_needed'));
ALTER TABLE taken_event DISABLE TRIGGER taken_event_append_only;
UPDATE taken_event SET code = 'not_needed' WHERE code = 'corrected';
ALTER TABLE taken_event ENABLE TRIGGER taken_event_append_only;
ALTER TABLE taken_event
  DROP CONSTRAINT taken_event_code_check,
  ADD CONSTRAINT taken_event_code_check CHECK (code IN ('listed', 'standing', 'name', 'linked',
    'unlinked', 'taken_at', 'journey', 'medicine', 'given', 'not_needed', 'sealed_mark',
    'warned'));
ALTER TABLE custody_clock DISABLE TRIGGER custody_clock_stays;
UPDATE custody_clock SET ended_how = 'corrected' WHERE ended_how = 'listed';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE custody_clock ENABLE TRIGGER custody_clock_stays;
ALTER TABLE custody_clock
  DROP CONSTRAINT custody_clock_ended_how_check,
  ADD CONSTRAINT custody_clock_ended_how_check
    CHECK (ended_how IN ('produced', 'released', 'not_taken', 'corrected'));
"""
"""What passed over to a list is told as corrected by it, and medicine put right as not needed."""


def upgrade() -> None:
    """Make the laws, the tables, and pass over what runs twice."""
    run_script("0038_clocks")
    run_script("0038_after")


def downgrade() -> None:
    """Whoever carries a clock keeps it; the addresses of calendars are forgotten."""
    run(BACK)
    put_back("0035_after", "medical_clock_with_her")
    run(OLD_WORDS)
