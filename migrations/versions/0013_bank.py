"""bank: filled by the work under way."""

revision = "0013_bank"
down_revision = "0012_checkout"


def upgrade() -> None:
    """Make what the revision says."""


def downgrade() -> None:
    """Take it back."""
