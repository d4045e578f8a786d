"""Cards: what comes in and goes back."""

revision = "0021_cards"
down_revision = "0020_bank_lines"


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
