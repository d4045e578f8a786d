"""Opening an incident costs less: places and policies are read once per edition, not per call."""

from union.infra.revising import run, run_script

revision = "0039_engine"
down_revision = "0038_clocks"

_BEFORE = """
DROP INDEX page_going_ix;
DROP TRIGGER crisis_policy_edition ON crisis_policy;
DROP TRIGGER landmark_edition ON landmark;
DROP TRIGGER branch_alias_edition ON branch_alias;
DROP TRIGGER branch_edition ON branch;
DROP FUNCTION edition_changed();
DROP TABLE edition;
"""


def upgrade() -> None:
    """Every list has its stamp."""
    run_script("0039_editions")


def downgrade() -> None:
    """Every list is read each time."""
    run(_BEFORE)
