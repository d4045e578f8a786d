"""collectors_hands: nothing yet."""

from __future__ import annotations

revision = "0027_collectors_hands"
down_revision = "0026_given_up_once"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
