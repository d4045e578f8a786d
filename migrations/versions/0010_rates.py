"""rates: filled by the work under way."""

revision = "0010_rates"
down_revision = "0009_legal"


def upgrade() -> None:
    """Make what the revision says."""


def downgrade() -> None:
    """Take it back."""
