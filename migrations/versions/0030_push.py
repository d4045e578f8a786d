"""push: nothing yet."""

from __future__ import annotations

revision = "0030_push"
down_revision = "0029_ways_out"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
