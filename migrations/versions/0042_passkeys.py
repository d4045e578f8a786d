"""Passkeys, and questions that are answered once."""

from __future__ import annotations

from union.infra.revising import run, run_script

revision = "0042_passkeys"
down_revision = "0041_sessions"

BACK = """
DROP TABLE passkey_question, passkey, passkey_handle;
DROP FUNCTION passkey_stays, passkey_question_once;
"""


def upgrade() -> None:
    """Make the tables and their laws."""
    run_script("0042_passkeys")


def downgrade() -> None:
    """Every passkey is forgotten: whoever had one signs in as before."""
    run(BACK)
