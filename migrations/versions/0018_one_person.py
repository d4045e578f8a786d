"""Whose hand it is: two entries of the register that were joined are one person to every law.

A law that asks for two people, or for another than the payee, compares ``one_person(id)`` of each.
One step is enough: an entry that others were joined to is itself joined to none.
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

# Both rows are locked, so that two joins at once see each other.
ONE_STEP = """
CREATE FUNCTION member_joined_in_one_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM member WHERE person_id = NEW.merged_into FOR UPDATE;
  IF EXISTS (SELECT FROM member
              WHERE person_id = NEW.merged_into AND merged_into IS NOT NULL)
     OR EXISTS (SELECT FROM member WHERE merged_into = NEW.person_id) THEN
    RAISE EXCEPTION 'an entry that stands for others is joined to none'
      USING ERRCODE = 'integrity_constraint_violation',
            CONSTRAINT = 'member_joined_in_one_step';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER member_joined BEFORE INSERT OR UPDATE OF merged_into ON member
  FOR EACH ROW WHEN (NEW.merged_into IS NOT NULL)
  EXECUTE FUNCTION member_joined_in_one_step();
"""


def upgrade() -> None:
    """Make the function; the laws that ask it follow in the revisions after this one."""
    op.execute(ONE_PERSON)
    op.execute(ONE_STEP)


def downgrade() -> None:
    """Drop both functions."""
    op.execute("DROP FUNCTION member_joined_in_one_step() CASCADE")
    op.execute("DROP FUNCTION one_person(bigint)")
