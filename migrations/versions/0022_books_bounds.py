"""Books: accounts, months and seals that cannot be bent."""

revision = "0022_books_bounds"
down_revision = "0021_cards"


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
