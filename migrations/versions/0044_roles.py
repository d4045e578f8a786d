"""Offices are given by two, and what was given stays written."""

from union.infra.revising import run, run_script

revision = "0044_roles"
down_revision = "0043_cards"

# Where an office was given again after it ended, the old table has room for the last only.
BACK = """
DROP TRIGGER merge_by_another ON merge;
DROP FUNCTION merge_by_another;
DROP TRIGGER role_grant_by_two ON role_grant;
DROP TRIGGER role_grant_kept ON role_grant;
DROP TRIGGER role_grant_no_delete ON role_grant;
DROP TRIGGER role_grant_begins ON role_grant;
DROP INDEX role_grant_held_key, role_grant_account_ix;
DELETE FROM role_grant g USING role_grant later
 WHERE later.account_id = g.account_id AND later.role = g.role
   AND later.branch_id IS NOT DISTINCT FROM g.branch_id AND later.id > g.id;
ALTER TABLE role_grant
  DROP COLUMN ref, DROP COLUMN given_how, DROP COLUMN proposal_id, DROP COLUMN ended_by_person_id,
  ADD CONSTRAINT role_grant_account_id_role_branch_id_key
    UNIQUE NULLS NOT DISTINCT (account_id, role, branch_id);
REVOKE UPDATE (ended_at) ON role_grant FROM sangha_app;
GRANT UPDATE, DELETE ON role_grant TO sangha_app;
DROP TABLE role_answer, role_proposal, offices_begun;
DROP FUNCTION role_proposal_by_who_may, role_grant_kept,
  role_grant_by_two, at_the_machine, offices_begin, ever_gave_offices, gives_offices;
"""


def upgrade() -> None:
    """Make proposals, answers and the laws; what was given before stays as it is."""
    run_script("0044_roles")


def downgrade() -> None:
    """One row for each office again, given by nobody in particular."""
    run(BACK)
