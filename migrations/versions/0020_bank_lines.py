"""Lines of the bank."""

revision = "0020_bank_lines"
down_revision = "0019_payments_out"


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
