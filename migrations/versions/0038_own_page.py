"""Her own page asks for her digits."""

revision = "0038_own_page"
down_revision = "0037_answers"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
