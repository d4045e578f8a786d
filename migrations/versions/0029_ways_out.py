"""Several providers to a way, what they say became of words, and what a call was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029_ways_out"
down_revision = "0028_refunds_and_lines"

_INSTANT = sa.DateTime(timezone=True)
_WORDS = "'queued', 'sent', 'ringing', 'answered', 'delivered', 'failed', 'expired'"
_LAW = """
CREATE TRIGGER delivery_receipt_refuse_change
  BEFORE UPDATE OR DELETE OR TRUNCATE ON delivery_receipt
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    """An attempt names its provider beforehand; receipts are only ever added."""
    op.add_column("attempt", sa.Column("via", sa.String(30)))
    op.add_column("inbound_message", sa.Column("answer", sa.LargeBinary()))
    op.create_table(
        "delivery_receipt",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.String(30), nullable=False),
        sa.Column("provider_id", sa.String(120), nullable=False),
        sa.Column("word", sa.String(12), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("stored_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="delivery_receipt_pkey"),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name="delivery_receipt_attempt_id_fkey"
        ),
        sa.UniqueConstraint(
            "provider", "provider_id", name="delivery_receipt_provider_provider_id_key"
        ),
        sa.CheckConstraint(f"word IN ({_WORDS})", name=op.f("delivery_receipt_word_check")),
    )
    op.create_index("delivery_receipt_attempt_ix", "delivery_receipt", ["attempt_id", "id"])
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON delivery_receipt FROM sangha_app")
    op.execute(_LAW)


def downgrade() -> None:
    """What providers said is forgotten; every way has one provider again."""
    op.drop_table("delivery_receipt")
    op.drop_column("inbound_message", "answer")
    op.drop_column("attempt", "via")
