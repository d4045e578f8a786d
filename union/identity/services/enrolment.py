"""How somebody comes to secrets of her own: a slip, her own choice, and another who sees her.

Invariant: nobody but she ever sets or reads them. A slip is kept as a keyed hash and used once; an
account whose secrets were set carries no office until another person, standing beside her, has
typed in the digits that follow from them, and where they were set anew, not for a day after.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hmac import compare_digest
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, func, select, update

from union.identity.errors import (
    NobodyWaitsError,
    OwnAccountError,
    SecretTooPlainError,
    SignInNameTakenError,
    SlipSpentError,
)
from union.identity.models import Account, EnrolmentSlip, SignInSession
from union.identity.rules import read_sign_in_name
from union.identity.rules.secrets import NOTHING, Around, is_plain
from union.identity.rules.slips import NEW_SECRETS_WAIT, SLIP_LASTS, new_slip, read_slip
from union.identity.services.accounts import digits_to_confirm
from union.identity.services.codes import (
    confirm_totp,
    end_codes,
    make_recovery_codes,
    telephone_secret,
)
from union.identity.services.hashing import hash_of_nothing, hash_secret
from union.identity.services.passkeys import end_passkeys_of
from union.identity.services.sessions import Ended, end_all_of
from union.infra import audit
from union.infra.outbox import record_fact
from union.infra.people import is_present

if TYPE_CHECKING:
    from datetime import datetime

    from union.infra.work import Work

FIRST = 2
"""So many of a union are seen by nobody but who sits at the machine: there is nobody else yet."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What she chose herself: a password, and a code of the telephone she set up."""

    password: str = field(repr=False)
    code: str = field(repr=False)
    around: Around = NOTHING


@dataclass(frozen=True, slots=True)
class Begun:
    """Shown to her once: a sheet for when her telephone is lost, and the digits to read out."""

    sheet: list[str]
    digits: str


def invite(work: Work, person_id: int, sign_in_name: str) -> Account:
    """An account without any secret for this person; hers, if she has one.

    One that never had a password, as of a member with a card, takes the name; any other keeps
    its own. SignInNameTakenError if another's account has the name.
    """
    account = work.session.scalar(select(Account).where(Account.person_id == person_id))
    if account is not None and account.password_hash is not None:
        return account
    name = read_sign_in_name(sign_in_name)
    held = work.session.scalar(select(Account.person_id).where(Account.sign_in_name == name))
    if held not in {None, person_id}:
        raise SignInNameTakenError
    if account is None:
        account = Account(person_id=person_id, made_at=work.clock.now())
        work.session.add(account)
    account.sign_in_name = name
    work.session.flush()
    _write_down(work, "account_made", account)
    return account


def print_slip(work: Work, account: Account) -> str:
    """A slip for her to set her own secrets by, shown once; one that was printed before ends."""
    now = work.clock.now()
    _end_slips(work, account)
    slip = new_slip()
    work.session.add(
        EnrolmentSlip(
            account_id=account.id,
            token_hash=_hashed(work, slip),
            made_by_person_id=work.actor.person_id,
            made_at=now,
            ends_at=now + SLIP_LASTS,
        )
    )
    work.session.flush()
    _write_down(work, "slip_printed", account)
    return slip


def take_slip(work: Work, slip: str) -> str:
    """The secret for her telephone to make codes of, until it made one; SlipSpentError."""
    account = _account(work, slip)
    return telephone_secret(work, account)


def whose_slip(work: Work, slip: str) -> int:
    """Who may set her secrets by it; SlipSpentError."""
    return _account(work, slip).person_id


def set_secrets(work: Work, slip: str, chosen: Chosen) -> Begun | None:
    """Her own password and codes are set, once; None if the code is none of her telephone's.

    SlipSpentError, SecretTooPlainError. Whatever was signed in to this account ends; an account
    that was in use before opens no more than dues for a day, and she is told by her numbers.
    """
    account = _account(work, slip)
    if is_plain(chosen.password, account.sign_in_name, chosen.around):
        raise SecretTooPlainError
    if not confirm_totp(work, account, chosen.code):
        return None
    _use(work, slip)
    now = work.clock.now()
    if _was_in_use(work, account):
        account.sensitive_from = now + NEW_SECRETS_WAIT
        record_fact(work, "secrets_renewed", account_id=account.id)
    account.password_hash, account.other_hash = hash_secret(chosen.password), hash_of_nothing()
    account.confirmed_at = account.confirmed_by_person_id = None
    work.session.flush()
    end_all_of(work, account.id, Ended.SECRETS_CHANGED)
    end_passkeys_of(work, account.id, "lost")
    sheet = make_recovery_codes(work, account)
    _write_down(work, "secrets_set", account)
    return Begun(sheet, digits_to_confirm(work, account))


def confirm_account(work: Work, sign_in_name: str, digits: str) -> None:
    """The present person has seen her and typed in the digits she read out.

    NobodyWaitsError if no account of that name waits or the digits are others; OwnAccountError
    for herself, and for whoever printed her slip: two people have a hand in it. At the machine
    itself nobody in person sees her, which holds for the first two only (OwnAccountError).
    """
    account = work.session.scalar(
        select(Account)
        .where(Account.sign_in_name == read_sign_in_name(sign_in_name))
        .with_for_update()
    )
    if account is None or not _waits(account):
        raise NobodyWaitsError
    her = account.person_id
    if is_present(work, her, _printed_by(work, account)) or _too_late(work, her):
        raise OwnAccountError
    if not compare_digest(digits_to_confirm(work, account).encode(), digits.encode()):
        raise NobodyWaitsError
    account.confirmed_at = work.clock.now()
    account.confirmed_by_person_id = work.actor.person_id
    work.session.flush()
    _write_down(work, "account_confirmed", account)


def write_unseen(work: Work, sign_in_name: str) -> None:
    """Write down that the present person was refused to have seen whoever has this name."""
    account = work.session.scalar(
        select(Account).where(Account.sign_in_name == read_sign_in_name(sign_in_name))
    )
    audit.log(
        work,
        "seeing_refused",
        object_type="account",
        object_id=account.id if account is not None else 0,
        subject_person_id=account.person_id if account is not None else None,
    )


def end_secrets(work: Work, account: Account) -> None:
    """Neither a slip, nor her codes, nor any sign-in of hers opens anything more."""
    _end_slips(work, account)
    end_codes(work, account)
    end_all_of(work, account.id, Ended.CLOSED)
    _write_down(work, "secrets_ended", account)


def undo_secrets(work: Work, account_id: int, since: datetime) -> bool:
    """She says that it was not she: what a slip set after ``since`` opens nothing any more.

    False if no slip was used on this account since then. Only another slip leads back.
    """
    used = select(EnrolmentSlip.id).where(
        EnrolmentSlip.account_id == account_id, EnrolmentSlip.used_at > since
    )
    if work.session.scalar(used.limit(1)) is None:
        return False
    account = work.session.get_one(Account, account_id, with_for_update=True)
    if account.password_hash is None:
        return False
    account.password_hash = account.confirmed_at = account.confirmed_by_person_id = None
    account.other_hash = hash_of_nothing()
    work.session.flush()
    end_codes(work, account)
    end_all_of(work, account_id, Ended.LOST)
    end_passkeys_of(work, account_id, "lost")
    _write_down(work, "secrets_undone", account)
    return True


def _end_slips(work: Work, account: Account) -> None:
    work.session.execute(
        update(EnrolmentSlip)
        .where(
            EnrolmentSlip.account_id == account.id,
            EnrolmentSlip.used_at.is_(None),
            EnrolmentSlip.ended_at.is_(None),
        )
        .values(ended_at=work.clock.now())
    )


def _was_in_use(work: Work, account: Account) -> bool:
    """Whether anybody ever signed in to it, or could have."""
    signed_in = select(SignInSession.ref).where(SignInSession.account_id == account.id).limit(1)
    return account.password_hash is not None or work.session.scalar(signed_in) is not None


def _waits(account: Account) -> bool:
    return (
        account.confirmed_at is None
        and account.closed_at is None
        and account.password_hash is not None
    )


def _too_late(work: Work, her: int) -> bool:
    """Whether nobody in person would see her, though there are two who could here and now."""
    if work.actor.person_id is not None:
        return False
    seers = select(func.could_see(her, type_=BigInteger))
    return work.session.scalars(seers).one() >= FIRST


def _printed_by(work: Work, account: Account) -> int | None:
    return work.session.scalar(
        select(EnrolmentSlip.made_by_person_id)
        .where(EnrolmentSlip.account_id == account.id, EnrolmentSlip.used_at.is_not(None))
        .order_by(EnrolmentSlip.id.desc())
        .limit(1)
    )


def _account(work: Work, slip: str) -> Account:
    """Whose slip this is, if it opens anything still; whoever else has it waits."""
    account = work.session.scalar(
        select(Account)
        .join(EnrolmentSlip, EnrolmentSlip.account_id == Account.id)
        .where(
            EnrolmentSlip.token_hash == _hashed(work, slip),
            EnrolmentSlip.used_at.is_(None),
            EnrolmentSlip.ended_at.is_(None),
            EnrolmentSlip.ends_at > work.clock.now(),
            Account.closed_at.is_(None),
        )
        .with_for_update()
    )
    if account is None:
        raise SlipSpentError
    return account


def _use(work: Work, slip: str) -> None:
    used = work.session.execute(
        update(EnrolmentSlip)
        .where(EnrolmentSlip.token_hash == _hashed(work, slip), EnrolmentSlip.used_at.is_(None))
        .values(used_at=work.clock.now())
        .returning(EnrolmentSlip.id)
        .execution_options(synchronize_session=False)
    )
    if used.scalar() is None:
        raise SlipSpentError


def _hashed(work: Work, slip: str) -> bytes:
    return work.vault.fingerprint("slip", read_slip(slip))


def _write_down(work: Work, action: str, account: Account) -> None:
    audit.log(
        work,
        action,
        object_type="account",
        object_id=account.id,
        subject_person_id=account.person_id,
    )
