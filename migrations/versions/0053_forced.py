"""An officer who is made to open her notebook."""

from union.infra.revising import as_it_stood, put_back, run

revision = "0053_forced"
down_revision = "0052_figures"

CHANCE = "sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))"
"""Bytes by chance, none of them set as a UUID's are: a hash like any other, of nothing."""

# There is always another hash: nobody reads in a dump who has a second password and who has none.
FORTH = f"""
ALTER TABLE user_account ADD COLUMN other_hash varchar NOT NULL
  DEFAULT '$argon2id$v=19$m=47104,t=2,p=1$'
    || rtrim(encode(substring({CHANCE} FOR 16), 'base64'), '=') || '$'
    || rtrim(encode({CHANCE}, 'base64'), '=')
  CONSTRAINT user_account_other_hash_check CHECK (other_hash LIKE '$argon2id$%');
GRANT UPDATE (other_hash) ON user_account TO sangha_app;
"""

NOTHING = f"$argon2id$v=19$m=47104,t=2,p=1${'A' * 22}$" + "A" * 43
"""What stands with whoever was erased: she has no password, and everybody can see it."""

ERASING = "0049_erasure_rows"
LEFT, FORGET = "erasure_left", "erasure_forget_accounts"
LOOKED_AT = "closed_at IS NULL OR password_hash IS NOT NULL"
FORGOTTEN = (
    ("SET password_hash = NULL,", f"SET password_hash = NULL, other_hash = '{NOTHING}',"),
    (
        "AND (password_hash IS NOT NULL OR closed_at IS NULL)",
        f"AND (password_hash IS NOT NULL OR closed_at IS NULL OR other_hash <> '{NOTHING}')",
    ),
)

BACK = """
ALTER TABLE user_account DROP COLUMN other_hash;
"""


def upgrade() -> None:
    """Give every account another hash, of nothing until she sets a password of this kind."""
    run(FORTH)
    looked_at = f"{LOOKED_AT} OR other_hash <> '{NOTHING}'"
    run(as_it_stood(ERASING, LEFT).replace(LOOKED_AT, looked_at, 1))
    forget = as_it_stood(ERASING, FORGET)
    for before, after in FORGOTTEN:
        forget = forget.replace(before, after, 1)
    run(forget)


def downgrade() -> None:
    """Take it away: no other password opens anything; sign-ins under force stay such."""
    put_back(ERASING, LEFT, FORGET)
    run(BACK)
