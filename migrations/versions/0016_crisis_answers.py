"""crisis_answers: filled by the work under way."""

revision = "0016_crisis_answers"
down_revision = "0015_audit"


def upgrade() -> None:
    """Make what the revision says."""


def downgrade() -> None:
    """Take it back."""
