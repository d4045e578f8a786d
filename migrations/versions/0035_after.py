"""Clocks of medicine kept by who was with her; debriefs; lessons with an owner and a day."""

from __future__ import annotations

from union.infra.revising import run, run_script

revision = "0035_after"
down_revision = "0034_raids"

BACK = """
DELETE FROM timer WHERE subject_type IN ('medical_clock', 'lesson');
DROP TRIGGER timer_after_kept ON timer;
DROP TABLE lesson, debrief_person, debrief, medical_clock;
DROP FUNCTION after_timer_kept, lesson_stays, debrief_of_ended, medical_clock_stays,
  medical_clock_with_her;
"""


def upgrade() -> None:
    """Make the tables and their laws."""
    run_script("0035_after")


def downgrade() -> None:
    """Take them away with their timers."""
    run(BACK)
