"""Money that leaves by voucher and payment file."""

revision = "0019_payments_out"
down_revision = "0018_one_person"


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Change nothing yet."""
