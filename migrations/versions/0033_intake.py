"""intake: nothing yet."""

from __future__ import annotations

revision = "0033_intake"
down_revision = "0032_policies"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
