"""books: filled by the work under way."""

revision = "0014_books"
down_revision = "0013_bank"


def upgrade() -> None:
    """Make what the revision says."""


def downgrade() -> None:
    """Take it back."""
