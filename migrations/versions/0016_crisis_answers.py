"""crisis_answers: what an answer given under force looks like, kept beside what it is.

``page.seems`` is the state shown to everybody who must not notice the force. It counts for
nothing: the law that a forced page never counts looks at ``state`` alone.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016_crisis_answers"
down_revision = "0015_audit"

STATES = (
    "'asked', 'accepted', 'briefed', 'en_route', 'arrived', 'declined', 'silent',"
    " 'dropped_out', 'released'"
)


def upgrade() -> None:
    """Add the column; who was forced before looks as somebody who knows where to go."""
    op.add_column("page", sa.Column("seems", sa.String(24), nullable=True))
    op.execute("UPDATE page SET seems = 'briefed' WHERE duress_at IS NOT NULL")
    op.create_check_constraint(op.f("page_seems_check"), "page", f"seems IN ({STATES})")
    op.create_check_constraint(
        op.f("page_seems_only_forced_check"),
        "page",
        "(seems IS NULL) = (duress_at IS NULL)",
    )


def downgrade() -> None:
    """Take the column and its checks away."""
    op.drop_constraint(op.f("page_seems_only_forced_check"), "page", type_="check")
    op.drop_constraint(op.f("page_seems_check"), "page", type_="check")
    op.drop_column("page", "seems")
