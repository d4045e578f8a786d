"""Tables and laws of legal."""

revision = "0009_legal"
down_revision = "0008_welfare"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
