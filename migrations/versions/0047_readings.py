"""Who opened what, hash-chained, with reasons."""

from alembic import op

from union.infra.revising import run_script

revision = "0047_readings"
down_revision = "0046_keys"

TABLES = (
    "reading_answer",
    "reading_question",
    "reading_head_receipt",
    "reading_keeper",
    "reading_head",
    "reading_sealed",
    "reading_seal",
    "reading",
    "reading_inquiry_answer",
    "reading_inquiry",
)
"""In the order in which they can be taken away."""

FUNCTIONS = (
    "reading_inquiry_by_two()",
    "reading_answered_by_another()",
    "reading_receipt_by_a_keeper()",
    "reading_keepers_are_two()",
    "reading_keeper_of(smallint)",
    "reading_head_said()",
    "reading_lay_seal(timestamptz)",
    "reading_seal_hash(reading_seal)",
    "reading_day(reading)",
    "reading_commitment(reading)",
    "reading_text(reading)",
    "reading_written()",
    "reading_refuse(text, bigint)",
)

BACK_AMONG_THE_ACTS = """
INSERT INTO audit_entry (at, actor_person_id, actor_name, action, subject_person_id,
                         object_type, object_id)
SELECT at, actor_person_id, actor_name, what, subject_person_id, object_type, object_id
  FROM reading WHERE reason <> 'before_reasons' ORDER BY id
"""
"""What was read since is not lost: it stands where readings stood before."""


def upgrade() -> None:
    """Make the readings and their chain, then the hands they are in."""
    run_script("0047_readings")
    run_script("0047_readings_hands")


def downgrade() -> None:
    """Put what was read since back among the acts, and take the chain away."""
    op.execute(BACK_AMONG_THE_ACTS)
    op.execute(
        "DELETE FROM timer WHERE kind IN"
        " ('seal_readings', 'say_readings_head', 'readings_question')"
    )
    for table in TABLES:
        op.execute(f"DROP TABLE {table} CASCADE")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION IF EXISTS {function} CASCADE")
