"""Taking a timer in hand locks no incident: only what may leave one without a timer does.

Claiming fifty timers waited for whoever held any of their incidents, and with it all the others.
"""

from union.infra.revising import run

revision = "0037_answers"
down_revision = "0036_speed"

_NARROW = """
DROP TRIGGER timer_crisis_kept ON timer;
CREATE CONSTRAINT TRIGGER timer_crisis_kept AFTER UPDATE ON timer
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (
    OLD.subject_type IN ('incident', 'contact')
    AND (OLD.done_at, OLD.subject_type, OLD.subject_id)
      IS DISTINCT FROM (NEW.done_at, NEW.subject_type, NEW.subject_id)
  )
  EXECUTE FUNCTION crisis_timer_kept();
CREATE CONSTRAINT TRIGGER timer_crisis_kept_deleted AFTER DELETE ON timer
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.subject_type IN ('incident', 'contact'))
  EXECUTE FUNCTION crisis_timer_kept();
"""
_WIDE = """
DROP TRIGGER timer_crisis_kept_deleted ON timer;
DROP TRIGGER timer_crisis_kept ON timer;
CREATE CONSTRAINT TRIGGER timer_crisis_kept AFTER UPDATE OR DELETE ON timer
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.subject_type IN ('incident', 'contact'))
  EXECUTE FUNCTION crisis_timer_kept();
"""


def upgrade() -> None:
    """A lease, a later hour or an error's code asks nobody."""
    run(_NARROW)


def downgrade() -> None:
    """Every change of a timer asks."""
    run(_WIDE)
