"""Her PIN, her second word, and the other PIN for when she is made to open: kept and heard.

Invariant: each is kept as an argon2id hash of a keyed hash, so that a copy of the database alone
cannot be tried against six digits; hearing a PIN costs two hashes whatever is kept and whatever
is typed, and what was heard is told to nobody but whoever opens the session.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from union.identity.errors import PasswordWrongError, PinsAlikeError, PinTooPlainError
from union.identity.models.cards import Pin
from union.identity.rules.cards import is_plain, read_word
from union.identity.services.accounts import check_own_password
from union.identity.services.devices import end_devices
from union.identity.services.hashing import fits, hash_secret
from union.identity.services.sessions import Ended, Kind, end_all_of
from union.infra import audit
from union.kernel.ids import new_token

if TYPE_CHECKING:
    from union.infra.work import Work


class Heard(StrEnum):
    """What a typed PIN was; ``OTHER`` must look like ``HERS`` to whoever stands beside her."""

    HERS = "hers"
    OTHER = "other"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Here:
    """The sign-in in which a secret is changed, and what its browser is known by, if it is."""

    token: str | None = field(default=None, repr=False)
    device: str | None = field(default=None, repr=False)


NOWHERE = Here()


def keep_secrets(work: Work, account_id: int, pin: str, word: str, card: str) -> None:
    """Keep a PIN and a second word in place of those before; the other PIN of before goes too.

    PinTooPlainError for one of the first that anybody tries, or that stands on her ``card``: this
    is the only time that its digits are here.
    """
    if is_plain(pin, card):
        raise PinTooPlainError
    held = work.session.get(Pin, account_id, with_for_update=True)
    if held is None:
        held = Pin(account_id=account_id)
        work.session.add(held)
    held.pin_hash = hash_secret(_peppered(work, account_id, "pin", pin))
    held.other_hash = hash_secret(new_token())
    held.word_hash = hash_secret(_peppered(work, account_id, "word", word))
    held.made_at = work.clock.now()
    work.session.flush()


def hear_pin(work: Work, account_id: int | None, pin: str) -> Heard:
    """Which of her PINs was typed; two hashes always, also for nobody."""
    held = work.session.get(Pin, account_id or 0)
    typed = _peppered(work, account_id or 0, "pin", pin)
    hers = fits(held.pin_hash if held is not None else None, typed)
    other = fits(held.other_hash if held is not None else None, typed)
    if hers:
        return Heard.HERS
    return Heard.OTHER if other else Heard.WRONG


def hear_word(work: Work, account_id: int | None, word: str) -> bool:
    """Whether this is her second word; one hash always."""
    held = work.session.get(Pin, account_id or 0)
    typed = _peppered(work, account_id or 0, "word", word)
    return fits(held.word_hash if held is not None else None, typed)


def check_own_secret(work: Work, typed: str) -> None:
    """Whoever acts says once more that it is she: her password, or as a member her second word.

    PasswordWrongError. A member who signs in by a password has no word and gives that.
    """
    word = read_word(typed) or ""
    if work.actor.office or work.session.get(Pin, work.actor.account_id or 0) is None:
        check_own_password(work, typed)
    elif not hear_word(work, work.actor.account_id, word):
        raise PasswordWrongError


def change_pin(work: Work, account_id: int, pin: str, here: Here = NOWHERE) -> None:
    """Another PIN for every day; PinTooPlainError, PinsAlikeError if it is the other one.

    Whatever the one before opened elsewhere is shut.
    """
    if is_plain(pin):
        raise PinTooPlainError
    if hear_pin(work, account_id, pin) is Heard.OTHER:
        raise PinsAlikeError
    _held(work, account_id).pin_hash = hash_secret(_peppered(work, account_id, "pin", pin))
    _written(work, account_id, "pin_changed")
    _shut_elsewhere(work, account_id, here)


def change_word(work: Work, account_id: int, word: str, here: Here = NOWHERE) -> None:
    """Another second word; whatever the one before opened elsewhere is shut."""
    _held(work, account_id).word_hash = hash_secret(_peppered(work, account_id, "word", word))
    _written(work, account_id, "second_word_changed")
    _shut_elsewhere(work, account_id, here)


def set_other_pin(work: Work, account_id: int, pin: str | None, here: Here = NOWHERE) -> None:
    """The PIN for when she is made to open, or (None) none any more.

    PinTooPlainError; PinsAlikeError if it is the PIN of every day. What is written down and what
    is shut elsewhere is the same as for that one: by neither can the two be told apart.
    """
    if pin is not None and is_plain(pin):
        raise PinTooPlainError
    if pin is not None and hear_pin(work, account_id, pin) is Heard.HERS:
        raise PinsAlikeError
    kept = new_token() if pin is None else _peppered(work, account_id, "pin", pin)
    _held(work, account_id).other_hash = hash_secret(kept)
    _written(work, account_id, "pin_changed")
    _shut_elsewhere(work, account_id, here)


def _held(work: Work, account_id: int) -> Pin:
    return work.session.get_one(Pin, account_id, with_for_update=True)


def _shut_elsewhere(work: Work, account_id: int, here: Here) -> None:
    """What a PIN and a word open; an office has secrets of its own."""
    end_devices(work, account_id, but_token=here.device)
    how, hers = Ended.SECRETS_CHANGED, (Kind.MEMBER,)
    end_all_of(work, account_id, how, but_token=here.token, kinds=hers)


def _written(work: Work, account_id: int, action: str) -> None:
    """That it was changed; of the other PIN no more is said than of the first."""
    work.session.flush()
    audit.log(
        work,
        action,
        object_type="account",
        object_id=account_id,
        subject_person_id=work.actor.person_id,
    )


def _peppered(work: Work, account_id: int, what: str, typed: str) -> str:
    return work.vault.fingerprint(what, f"{account_id}|{typed}").hex()
