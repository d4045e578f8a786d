"""Cash, counts and what the audit reads."""

revision = "0023_cash_counts"
down_revision = "0022_books_bounds"


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
