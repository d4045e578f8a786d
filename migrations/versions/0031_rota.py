"""rota: nothing yet."""

from __future__ import annotations

revision = "0031_rota"
down_revision = "0030_push"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
