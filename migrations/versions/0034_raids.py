"""People taken in a raid, their hours and medicine; meeting points."""

from __future__ import annotations

from union.infra.revising import run, run_script

revision = "0034_raids"
down_revision = "0033_intake"

BACK = """
DELETE FROM timer WHERE subject_type IN ('taken', 'taken_medicine');
DROP TRIGGER timer_taken_kept ON timer;
DROP TRIGGER timer_medicine_kept ON timer;
DROP TRIGGER incident_all_accounted_for ON incident;
DROP TABLE taken_medicine, taken_event, taken, taken_sheet, meeting_point;
DROP FUNCTION crisis_all_accounted_for, medicine_timer_kept, taken_timer_kept, taken_as_told,
  taken_stays;
ALTER TABLE landmark DROP COLUMN is_meeting_point;
"""


def upgrade() -> None:
    """Make the tables and their laws."""
    run_script("0034_raids")


def downgrade() -> None:
    """Take it all away; incidents and landmarks stay."""
    run(BACK)
