"""Tables and laws of ledger."""

revision = "0003_ledger"
down_revision = "0002_identity"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
