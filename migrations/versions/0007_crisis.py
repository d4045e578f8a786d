"""Tables and laws of crisis."""

revision = "0007_crisis"
down_revision = "0006_dues"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
