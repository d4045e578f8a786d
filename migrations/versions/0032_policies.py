"""policies: nothing yet."""

from __future__ import annotations

revision = "0032_policies"
down_revision = "0031_rota"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
