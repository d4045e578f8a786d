"""Small numbers: what was told of a month is frozen."""

from alembic import op

from union.infra.revising import run_script

revision = "0052_figures"
down_revision = "0051_retention"

TABLES = ("figure_nested", "figure_counted", "figure_atom", "figure_edition")
"""In the order in which they can be taken away."""

FUNCTIONS = (
    "figure_atom_adds_up()",
    "figure_filled_with_its_atom()",
    "figure_atoms_with_their_edition()",
    "figure_edition_begun()",
    "figures_refuse(text, text)",
)


def upgrade() -> None:
    """Make what is told, frozen."""
    run_script("0052_figures")


def downgrade() -> None:
    """Forget what was told: a table made anew afterwards may be subtracted from an older one."""
    op.execute("DELETE FROM timer WHERE kind = 'crisis_figures'")
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
