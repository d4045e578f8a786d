"""A branch finds who was in it at any time, not only who is in it now: a month's run asks that."""

from alembic import op

revision = "0036_speed"
down_revision = "0035_after"


def upgrade() -> None:
    """The index of a branch's members holds those who left it too."""
    op.drop_index("membership_branch_ix")
    op.create_index("membership_branch_ix", "membership", ["branch_id"])


def downgrade() -> None:
    """It holds those who are in it."""
    op.drop_index("membership_branch_ix")
    op.create_index(
        "membership_branch_ix", "membership", ["branch_id"], postgresql_where="until_on IS NULL"
    )
