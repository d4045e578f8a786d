"""rounds: filled by the work under way."""

revision = "0011_rounds"
down_revision = "0010_rates"


def upgrade() -> None:
    """Make what the revision says."""


def downgrade() -> None:
    """Take it back."""
