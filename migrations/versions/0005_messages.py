"""Tables and laws of messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005_messages"
down_revision = "0004_members"

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """What is to be told, each try, and what came in; none of it may be deleted."""
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("person_id", sa.BigInteger()),
        sa.Column("key_ref", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("to_number", sa.LargeBinary()),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("template", sa.String(40), nullable=False),
        sa.Column("language", sa.String(8)),
        sa.Column("params", sa.LargeBinary(), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.String(10)), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("code", sa.String(40)),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("closed_at", _INSTANT),
        sa.PrimaryKeyConstraint("id", name="message_pkey"),
        sa.UniqueConstraint("ref", name="message_ref_key"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="message_person_id_fkey"),
        sa.CheckConstraint(
            "num_nonnulls(person_id, to_number) = 1", name=op.f("message_one_receiver_check")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'handed_over', 'unsent', 'withheld', 'withdrawn')",
            name=op.f("message_state_check"),
        ),
    )
    op.create_index("message_person_ix", "message", ["person_id", "id"])
    _create_attempt()
    _create_inbound()
    for table in ("message", "attempt", "inbound_message"):
        op.execute(f"REVOKE DELETE, TRUNCATE ON {table} FROM sangha_app")


def _create_attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("code", sa.String(40)),
        sa.Column("provider", sa.String(30)),
        sa.Column("provider_id", sa.String(80)),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("lease_until", _INSTANT),
        sa.Column("ended_at", _INSTANT),
        sa.PrimaryKeyConstraint("id", name="attempt_pkey"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="attempt_message_id_fkey"),
        sa.UniqueConstraint("message_id", "number", name="attempt_message_id_number_key"),
        sa.UniqueConstraint("key", name="attempt_key_key"),
        sa.CheckConstraint(
            "state IN ('due', 'leased', 'handed_over', 'failed', 'dropped')",
            name=op.f("attempt_state_check"),
        ),
        sa.CheckConstraint(
            "(state = 'leased') = (lease_until IS NOT NULL)",
            name=op.f("attempt_leased_until_check"),
        ),
    )
    op.create_index(
        "attempt_due_ix",
        "attempt",
        ["channel", "urgent", "due_at"],
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_index(
        "attempt_open_key",
        "attempt",
        ["message_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('due', 'leased')"),
    )
    op.create_index(
        "attempt_leased_ix",
        "attempt",
        ["lease_until"],
        postgresql_where=sa.text("state = 'leased'"),
    )


def _create_inbound() -> None:
    op.create_table(
        "inbound_message",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("provider", sa.String(30), nullable=False),
        sa.Column("provider_id", sa.String(80), nullable=False),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("attempt_id", sa.BigInteger()),
        sa.Column("key_ref", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("from_number", sa.LargeBinary(), nullable=False),
        sa.Column("from_index", sa.LargeBinary(), nullable=False),
        sa.Column("to_number", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("stored_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="inbound_message_pkey"),
        sa.UniqueConstraint("ref", name="inbound_message_ref_key"),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name="inbound_message_attempt_id_fkey"
        ),
        sa.UniqueConstraint(
            "provider", "provider_id", name="inbound_message_provider_provider_id_key"
        ),
    )
    op.create_index("inbound_message_from_ix", "inbound_message", ["from_index", "id"])


def downgrade() -> None:
    """Take the three tables away."""
    for table in ("inbound_message", "attempt", "message"):
        op.drop_table(table)
