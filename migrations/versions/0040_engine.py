"""Opening an incident costs less."""

revision = "0040_engine"
down_revision = "0039_clocks"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
