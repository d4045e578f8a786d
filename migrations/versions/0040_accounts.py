"""Officers' secrets: a password she sets herself, a code, and codes for the day it is lost."""

from __future__ import annotations

from union.infra.revising import run, run_script

revision = "0040_accounts"
down_revision = "0039_engine"

NOBODYS = "!"
"""Where nothing was kept before: no hash, so that nothing fits it."""

BACK = f"""
DROP TRIGGER user_account_stays ON user_account;
DROP TRIGGER user_account_seen ON user_account;
DROP FUNCTION could_see;
DROP TABLE circle_wish, enrolment_slip, recovery_code, totp;
DROP FUNCTION user_account_seen, user_account_stays, secret_stays;
UPDATE user_account SET password_hash = '{NOBODYS}' WHERE password_hash IS NULL;
REVOKE UPDATE (sign_in_name, password_hash, confirmed_at, confirmed_by_person_id, sensitive_from,
  closed_at) ON user_account FROM sangha_app;
ALTER TABLE user_account
  DROP COLUMN ref, DROP COLUMN confirmed_at, DROP COLUMN confirmed_by_person_id,
  DROP COLUMN sensitive_from,
  ALTER COLUMN password_hash SET NOT NULL;
GRANT UPDATE, DELETE ON user_account TO sangha_app;
"""  # noqa: S608  # nosec B608 # a constant of this file


def upgrade() -> None:
    """Make the tables and their laws; whoever has an account is confirmed as of old."""
    run_script("0040_accounts")


def downgrade() -> None:
    """Take them away; whoever had no password has none."""
    run(BACK)
