"""Whose hand it is: two entries of the register that were joined are one person to every law.

A law that asks for two people, or for another than the payee, compares ``one_person(id)`` of each.
"""

from alembic import op

revision = "0018_one_person"
down_revision = "0017_members_days"

ONE_PERSON = """
CREATE FUNCTION one_person(who bigint) RETURNS bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce((SELECT merged_into FROM member WHERE person_id = who), who)
$$;
"""


def upgrade() -> None:
    """Make the function; the laws that ask it follow in the revisions after this one."""
    op.execute(ONE_PERSON)


def downgrade() -> None:
    """Drop the function."""
    op.execute("DROP FUNCTION one_person(bigint)")
