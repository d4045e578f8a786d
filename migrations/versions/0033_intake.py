"""The voice menu's state, who stays with her, what is sealed for a child, numbers let rest."""

from __future__ import annotations

from union.infra.revising import run, run_script

revision = "0033_intake"
down_revision = "0032_policies"

BACK = """
DELETE FROM timer WHERE subject_type IN ('staying', 'minor');
DROP TRIGGER timer_staying_kept ON timer;
DROP TRIGGER contact_own_life_not_let_rest ON contact;
DROP TRIGGER contact_sealed_stays_closed ON contact;
DROP TABLE staying, minor_decision, sealed_telling, quiet_number;
DROP FUNCTION contact_own_life_not_let_rest, contact_sealed_stays_closed, staying_timer_kept;
DROP INDEX contact_call_ix, contact_minor_ix;
ALTER TABLE contact
  DROP CONSTRAINT contact_menu_check,
  DROP CONSTRAINT contact_sealed_for_a_minor_check,
  DROP CONSTRAINT contact_call_message_id_fkey,
  DROP COLUMN menu, DROP COLUMN call_message_id, DROP COLUMN put_through_at,
  DROP COLUMN may_be_minor_at, DROP COLUMN sealed_at;
"""


def upgrade() -> None:
    """Make the columns, the tables and their laws."""
    run_script("0033_intake")


def downgrade() -> None:
    """Take it all away; the contacts stay, what was sealed for a child goes."""
    run(BACK)
