"""One clock for one person."""

revision = "0039_clocks"
down_revision = "0038_own_page"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
