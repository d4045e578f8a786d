"""members_days: filled by the work under way."""

revision = "0017_members_days"
down_revision = "0016_crisis_answers"


def upgrade() -> None:
    """Make what the revision says."""


def downgrade() -> None:
    """Take it back."""
