"""raids: nothing yet."""

from __future__ import annotations

revision = "0034_raids"
down_revision = "0033_intake"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
