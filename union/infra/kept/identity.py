"""What identity keeps; one line for each column, and nothing else."""

from __future__ import annotations

from union.infra.kept.line import Kept, Tier, Whose, closed, codes, hashed, lies_open, plain, public

IDENTITY: tuple[Kept, ...] = (
    *closed(Whose.HER, "account_id.account_id.person_id.key_ref", "passkey.label"),
    *closed(Whose.HER, "account_id.person_id.key_ref", "totp.secret"),
    lies_open(
        "user_account.sign_in_name",
        "an officer's name for signing in, found by it; a member has one that says nothing",
        Whose.HER,
    ),
    *plain(Tier.KEYLESS, "user_account", "password_hash other_hash"),
    *plain(Tier.KEYLESS, "pin", "pin_hash other_hash word_hash"),
    *plain(Tier.KEYLESS, "recovery_code", "code_hash"),
    *hashed("card_start", "word_index"),
    *hashed("enrolment_slip", "token_hash"),
    *hashed("number_card", "digits_index"),
    *hashed("own_device", "token_hash"),
    *hashed("passkey_question", "browser_hash"),
    *hashed("sign_in_session", "token_hash"),
    *hashed("try_spent", "bucket"),
    *public("passkey", "credential_id public_key"),
    *public("passkey_handle", "handle"),
    *public("passkey_question", "challenge"),
    *codes("circle_wish", "circle"),
    *codes("role_grant", "role"),
    *codes("role_proposal", "role"),
    *codes("sign_in_session", "kind browser ended_how"),
    *codes("try_spent", "what"),
)
