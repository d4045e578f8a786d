"""checkout: filled by the work under way."""

revision = "0012_checkout"
down_revision = "0011_rounds"


def upgrade() -> None:
    """Make what the revision says."""


def downgrade() -> None:
    """Take it back."""
