"""What a session has proven, and tries that are spent before they are checked."""

from __future__ import annotations

from union.infra.revising import run, run_script

revision = "0041_sessions"
down_revision = "0040_accounts"

BACK = """
DROP TABLE try_spent;
DROP TRIGGER sign_in_session_stays ON sign_in_session;
DROP FUNCTION try_spent_kept, sign_in_session_stays;
DROP INDEX sign_in_session_open_ix;
DELETE FROM sign_in_session;
REVOKE UPDATE (last_seen_at, ended_at, ended_how) ON sign_in_session FROM sangha_app;
ALTER TABLE sign_in_session
  DROP COLUMN ref, DROP COLUMN kind, DROP COLUMN proofs, DROP COLUMN proved_at,
  DROP COLUMN last_seen_at, DROP COLUMN duress, DROP COLUMN browser, DROP COLUMN device_id,
  DROP COLUMN ended_how, DROP CONSTRAINT sign_in_session_lasts_check;
GRANT UPDATE, DELETE ON sign_in_session TO sangha_app;
"""


def upgrade() -> None:
    """Make what a session keeps, and the tries; whoever is signed in signs in once more."""
    run_script("0041_sessions")


def downgrade() -> None:
    """Take it away; to older code every sign-in is whole: who is signed in does so once more."""
    run(BACK)
