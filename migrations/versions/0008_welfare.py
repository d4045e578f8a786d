"""Tables and laws of welfare."""

revision = "0008_welfare"
down_revision = "0007_crisis"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
