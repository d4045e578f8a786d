"""Dues and rounds: second hands."""

revision = "0024_dues_hands"
down_revision = "0023_cash_counts"


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
