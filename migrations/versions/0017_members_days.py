"""Members: an entry that was parted from another may wait again as a row of its book."""

from alembic import op

revision = "0017_members_days"
down_revision = "0016_crisis_answers"

# The entry that was joined may be none any more; the person it stood for stays.
MERGES = """
ALTER TABLE merge DROP CONSTRAINT merge_gone_person_id_fkey;
ALTER TABLE merge ADD CONSTRAINT merge_gone_person_id_fkey
  FOREIGN KEY (gone_person_id) REFERENCES person;
"""

MERGES_BEFORE = """
DELETE FROM merge WHERE NOT EXISTS (SELECT FROM member WHERE person_id = gone_person_id);
ALTER TABLE merge DROP CONSTRAINT merge_gone_person_id_fkey;
ALTER TABLE merge ADD CONSTRAINT merge_gone_person_id_fkey
  FOREIGN KEY (gone_person_id) REFERENCES member;
"""


def upgrade() -> None:
    """Let a merge outlive the entry that went."""
    op.execute(MERGES)


def downgrade() -> None:
    """Forget merges whose entry is gone, and tie the others to entries again."""
    op.execute(MERGES_BEFORE)
