"""push: browsers and mailboxes she may be told by, the order of her ways, ways that went quiet.

What is kept of a browser or a mailbox goes when it ends, and it stays ended; a spell of quiet is
written once and ended once; the union's own key pair for notices is made once and never changed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030_push"
down_revision = "0029_ways_out"

_INSTANT = sa.DateTime(timezone=True)
_KEY = postgresql.UUID(as_uuid=True)


def upgrade() -> None:
    """Four tables, and beside each message when a person was heard of it."""
    op.add_column("message", sa.Column("heard_at", _INSTANT))
    op.create_index(
        "attempt_ended_ix",
        "attempt",
        ["channel", "ended_at"],
        postgresql_where=sa.text("state IN ('handed_over', 'failed')"),
    )
    op.create_index("inbound_message_channel_ix", "inbound_message", ["channel", "stored_at"])
    _create_push_key()
    _create_reach_point()
    _create_way_order()
    _create_quiet_spell()


def _create_push_key() -> None:
    op.create_table(
        "push_key",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("key_ref", _KEY, nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="push_key_pkey"),
        sa.CheckConstraint("id = 1", name=op.f("push_key_only_one_check")),
    )
    op.execute(
        "CREATE TRIGGER push_key_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON push_key"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON push_key FROM sangha_app")


def _create_reach_point() -> None:
    op.create_table(
        "reach_point",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(12), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("service", sa.String(12), nullable=False),
        sa.Column("address", sa.LargeBinary()),
        sa.Column("label", sa.LargeBinary()),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT),
        sa.Column("end_code", sa.String(12)),
        sa.PrimaryKeyConstraint("id", name="reach_point_pkey"),
        sa.UniqueConstraint("ref", name="reach_point_ref_key"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="reach_point_person_id_fkey"),
        sa.CheckConstraint("channel IN ('push', 'mail')", name=op.f("reach_point_channel_check")),
        sa.CheckConstraint(
            "end_code IN ('removed', 'gone', 'replaced')", name=op.f("reach_point_end_code_check")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_code IS NULL)", name=op.f("reach_point_ended_check")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (address IS NOT NULL)",
            name=op.f("reach_point_nothing_kept_check"),
        ),
    )
    op.create_index(
        "reach_point_person_ix",
        "reach_point",
        ["person_id"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    _only_once("reach_point", "ended_at")
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON reach_point FROM sangha_app")
    op.execute("GRANT UPDATE (address, label, ended_at, end_code) ON reach_point TO sangha_app")


def _create_way_order() -> None:
    op.create_table(
        "way_order",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("sort", sa.String(10), nullable=False),
        sa.Column("ways", postgresql.ARRAY(sa.String(10)), nullable=False),
        sa.Column("said_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "sort", name="way_order_pkey"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="way_order_person_id_fkey"),
        sa.CheckConstraint("sort IN ('duty', 'ordinary')", name=op.f("way_order_sort_check")),
        sa.CheckConstraint(
            "ways <@ ARRAY['push', 'sms', 'voice', 'mail']::varchar[]",
            name=op.f("way_order_ways_check"),
        ),
        sa.CheckConstraint(
            "sort = 'ordinary' OR cardinality(ways) > 0", name=op.f("way_order_duty_has_one_check")
        ),
    )
    op.execute("REVOKE DELETE, TRUNCATE ON way_order FROM sangha_app")


def _create_quiet_spell() -> None:
    op.create_table(
        "quiet_spell",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("why", sa.String(20), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("noticed_at", _INSTANT, nullable=False),
        sa.Column("back_at", _INSTANT),
        sa.PrimaryKeyConstraint("id", name="quiet_spell_pkey"),
        sa.CheckConstraint(
            "channel IN ('push', 'sms', 'voice', 'mail', 'in_sms', 'in_call')",
            name=op.f("quiet_spell_channel_check"),
        ),
        sa.CheckConstraint(
            "why IN ('unanswered', 'refusing', 'unreachable', 'slow', 'nothing_in')",
            name=op.f("quiet_spell_why_check"),
        ),
        sa.CheckConstraint(
            "since <= noticed_at AND noticed_at <= back_at", name=op.f("quiet_spell_order_check")
        ),
    )
    op.create_index(
        "quiet_spell_open_key",
        "quiet_spell",
        ["channel", "part"],
        unique=True,
        postgresql_where=sa.text("back_at IS NULL"),
    )
    _only_once("quiet_spell", "back_at")
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON quiet_spell FROM sangha_app")
    op.execute("GRANT UPDATE (back_at) ON quiet_spell TO sangha_app")


def _only_once(table: str, column: str) -> None:
    """A row whose end is written is never written again."""
    op.execute(
        f"CREATE TRIGGER {table}_ended_once BEFORE UPDATE ON {table} FOR EACH ROW"
        f" WHEN (OLD.{column} IS NOT NULL) EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Take it all away again."""
    for table in ("quiet_spell", "way_order", "reach_point", "push_key"):
        op.drop_table(table)
    op.drop_index("inbound_message_channel_ix", "inbound_message")
    op.drop_index("attempt_ended_ix", "attempt")
    op.drop_column("message", "heard_at")
