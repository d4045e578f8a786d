"""Tables and laws of messages."""

revision = "0005_messages"
down_revision = "0004_members"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
