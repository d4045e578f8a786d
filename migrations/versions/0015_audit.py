"""audit: filled by the work under way."""

revision = "0015_audit"
down_revision = "0014_books"


def upgrade() -> None:
    """Make what the revision says."""


def downgrade() -> None:
    """Take it back."""
