"""refunds_and_lines: nothing yet."""

from __future__ import annotations

revision = "0028_refunds_and_lines"
down_revision = "0027_collectors_hands"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
