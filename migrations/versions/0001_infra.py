"""Tables and laws of infra."""

revision = "0001_infra"
down_revision = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
