"""Tables and laws of dues."""

revision = "0006_dues"
down_revision = "0005_messages"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
