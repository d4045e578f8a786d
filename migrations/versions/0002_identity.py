"""Tables and laws of identity."""

revision = "0002_identity"
down_revision = "0001_infra"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
