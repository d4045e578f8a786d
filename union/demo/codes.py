"""Codes for people who have no telephone: of the demonstration, whose secrets are no secrets."""

from __future__ import annotations

from sqlalchemy import select

from union.identity.models import Account, Totp
from union.identity.rules.codes import code_of, step_of
from union.identity.services.codes import (
    SECRET_PLACE,
    begin_totp,
    confirm_totp,
    make_recovery_codes,
)
from union.infra.people import Person
from union.infra.work import Work


def give_code(work: Work, account: Account) -> None:
    """Set up codes for somebody of the demonstration; who has them is left as she is."""
    if _held(work, account) is None:
        secret = begin_totp(work, account)
        confirm_totp(work, account, code_of(secret, step_of(work.clock.now()) - 1))


def next_code(work: Work, sign_in_name: str) -> str:
    """A code of hers that was not used yet: of her telephone, or else of a new recovery sheet."""
    account = work.session.scalars(
        select(Account).where(Account.sign_in_name == sign_in_name)
    ).one()
    held = _held(work, account)
    present = step_of(work.clock.now())
    if held is None or held.last_step > present:
        return make_recovery_codes(work, account)[0]
    key_ref = work.session.scalars(
        select(Person.key_ref).where(Person.id == account.person_id)
    ).one()
    secret = work.vault.decrypt(key_ref, SECRET_PLACE, account.id, held.secret)
    return code_of(secret, max(present, held.last_step + 1))


def _held(work: Work, account: Account) -> Totp | None:
    return work.session.scalars(
        select(Totp).where(
            Totp.account_id == account.id,
            Totp.confirmed_at.is_not(None),
            Totp.ended_at.is_(None),
        )
    ).one_or_none()
