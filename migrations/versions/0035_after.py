"""after: nothing yet."""

from __future__ import annotations

revision = "0035_after"
down_revision = "0034_raids"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
