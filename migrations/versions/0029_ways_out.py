"""ways_out: nothing yet."""

from __future__ import annotations

revision = "0029_ways_out"
down_revision = "0028_refunds_and_lines"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
