"""Keys that cannot be turned to somebody else, and no secret in a command's hash."""

from union.infra.revising import run, run_script

revision = "0046_keys"
down_revision = "0045_shares"

BACK = """
DELETE FROM timer WHERE kind = 'drop_import_upload';
DROP TABLE restore_done, backup_made;
DROP TRIGGER circle_append_only ON circle;
DROP TRIGGER circle_no_truncate ON circle;
DROP TRIGGER personal_key_append_only ON personal_key;
DROP TRIGGER personal_key_no_truncate ON personal_key;
DROP TRIGGER circle_key_only_ends ON circle_key;
DROP TRIGGER circle_key_stays ON circle_key;
DROP TRIGGER circle_key_no_truncate ON circle_key;
DROP FUNCTION circle_key_only_ends;
REVOKE UPDATE (revoked_at) ON circle_key FROM sangha_app;
GRANT UPDATE, DELETE ON circle, circle_key, personal_key TO sangha_app;
"""


def upgrade() -> None:
    """Hold what is sealed to whom, and tell of backups; old hashes are forgotten for good."""
    run_script("0046_keys")


def downgrade() -> None:
    """Let go again; what was forgotten stays so."""
    run(BACK)
