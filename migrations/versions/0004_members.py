"""Tables and laws of members."""

revision = "0004_members"
down_revision = "0003_ledger"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
