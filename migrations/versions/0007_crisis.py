"""Teams, contacts, incidents, pages and their timeline; C1, C2, C3 and C7 held by triggers."""

from pathlib import Path

from alembic import op

revision = "0007_crisis"
down_revision = "0006_dues"

SCRIPTS = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    """Make the tables, then the laws."""
    for part in ("tables", "laws"):
        op.get_bind().exec_driver_sql(
            (SCRIPTS / f"0007_crisis_{part}.sql").read_text(encoding="utf-8"),
            execution_options={"no_parameters": True},
        )


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP TRIGGER timer_crisis_kept ON timer")
    op.execute(
        "DROP TABLE incident_choice, incident_event, page, contact, incident_avoid, incident,"
        " landmark, crisis_policy, team_profile, certificate"
    )
    op.execute(
        "DROP FUNCTION crisis_timer_kept(), crisis_decided_at_once(),"
        " crisis_closed_by_witness(), crisis_certified()"
    )
