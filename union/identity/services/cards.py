"""A member's card: printed by one officer, opened by the word of another, and used with her PIN.

Invariant: the sixteen digits are kept nowhere, only a keyed hash; who printed a card cannot open
it, and who says the word never saw its digits. Opening a new one ends the card, the browsers and
the sign-ins before it in the same commit, and what is sensitive opens a day later. Digits that
are nobody's cost the same work as a wrong PIN.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from union.identity.errors import (
    CardNotWaitingError,
    OpeningRefusedError,
    OwnCardError,
    SameHandOnCardError,
)
from union.identity.models import Account
from union.identity.models.cards import CardStart, NumberCard
from union.identity.queries.cards import (
    account_of_person,
    accounts_of_person,
    card_by_digits,
    cards_of_account,
    cards_of_person,
    device_known,
    hers_from,
    last_start,
)
from union.identity.rules.cards import HERS_AFTER, START_DIGITS, START_LASTS, new_card_digits
from union.identity.services.devices import end_devices
from union.identity.services.enrolment import end_secrets
from union.identity.services.passkeys import end_passkeys_of
from union.identity.services.pins import Heard, hear_pin, hear_word, keep_secrets
from union.identity.services.roles import give_role
from union.identity.services.voices import end_voices
from union.infra import audit
from union.infra.outbox import record_fact
from union.infra.people import is_present
from union.kernel.actor import Grant, Role
from union.kernel.ids import new_digits, new_ref

if TYPE_CHECKING:
    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class NewSecrets:
    """What she types to open a new card; the digits were read already."""

    digits: str = field(repr=False)
    start: str = field(repr=False)
    pin: str = field(repr=False)
    word: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opening:
    """Whose account was opened, and whether she was made to."""

    account_id: int
    forced: bool = False


def print_card(work: Work, person_id: int) -> str:
    """A new card for a member; returns its digits, shown to nobody again.

    One that waits is replaced; the one in use stays until the new one is opened.
    OwnCardError for who would print her own.
    """
    if is_present(work, person_id):
        raise OwnCardError
    account = account_of_person(work.session, person_id) or _new_account(work, person_id)
    give_role(work, account.id, Grant(Role.MEMBER))
    before = cards_of_person(work.session, person_id).waits
    if before is not None:
        _end(work, before, "replaced")
    digits = new_card_digits()
    card = NumberCard(
        ref=new_ref(),
        account_id=account.id,
        digits_index=work.vault.fingerprint("card_number", digits),
        printed_at=work.clock.now(),
        printed_by=work.actor.person_id,
    )
    work.session.add(card)
    work.session.flush()
    _log(work, "card_printed", account)
    return digits


def say_start(work: Work, person_id: int) -> str:
    """The word by which she opens the card that waits for her; said to her face, shown once.

    CardNotWaitingError; OwnCardError; SameHandOnCardError for who printed it.
    """
    card = cards_of_person(work.session, person_id).waits
    if card is None:
        raise CardNotWaitingError
    if is_present(work, person_id):
        raise OwnCardError
    if is_present(work, card.printed_by):
        raise SameHandOnCardError
    word, now = new_digits(START_DIGITS), work.clock.now()
    work.session.add(
        CardStart(
            card_id=card.id,
            word_index=_word_index(work, card, word),
            given_at=now,
            given_by=work.actor.person_id,
            ends_at=now + START_LASTS,
        )
    )
    work.session.flush()
    _log(work, "card_word_said", work.session.get_one(Account, card.account_id))
    return word


def open_new_card(work: Work, typed: NewSecrets) -> Opening:
    """Open a card for the first time, with secrets of her own choosing; OpeningRefusedError.

    PinTooPlainError for a PIN that anybody tries first. Those who know her hear of it.
    """
    card = card_by_digits(work, typed.digits)
    start = last_start(work.session, card.id if card is not None else 0)
    now = work.clock.now()
    waits = card is not None and card.begun_at is None
    fits = (
        card is not None
        and start is not None
        and hmac.compare_digest(start.word_index, _word_index(work, card, typed.start))
        and start.used_at is None
        and start.ends_at >= now
    )
    if card is None or start is None or not (waits and fits):
        raise OpeningRefusedError
    account = work.session.get_one(Account, card.account_id)
    _end_what_was(work, account)
    start.used_at = now
    work.session.flush()
    card.begun_at, card.hers_from = now, now + HERS_AFTER
    keep_secrets(work, account.id, typed.pin, typed.word, typed.digits)
    record_fact(work, "card_begun", account_id=account.id)
    _log(work, "card_begun", account)
    return _heard(work, account, Heard.HERS)


def open_with_card(work: Work, digits: str, pin: str) -> Opening:
    """Open with the card and her PIN; OpeningRefusedError never says what did not fit."""
    card = card_by_digits(work, digits)
    known = card is not None and card.begun_at is not None
    return _open(work, card.account_id if card is not None and known else None, pin)


def open_with_device(work: Work, token: str, pin: str) -> Opening:
    """Open with her PIN alone, in a browser that knows her; OpeningRefusedError."""
    device = device_known(work, token)
    return _open(work, None if device is None else device.account_id, pin)


def prove_pin(work: Work, pin: str) -> bool:
    """Her PIN after a finger; whether it was the other one. OpeningRefusedError.

    Refused too before the day is over that a new card waits.
    """
    opened = _open(work, work.actor.account_id, pin)
    _refuse_first_day(work)
    return opened.forced


def prove_word(work: Work, word: str) -> None:
    """Her second word after her PIN; in a session she was made to open, any word.

    OpeningRefusedError also before the day is over that a new card waits.
    """
    if not hear_word(work, work.actor.account_id, word) and not work.actor.duress:
        raise OpeningRefusedError
    _refuse_first_day(work)


def end_cards_of(work: Work, person_id: int) -> None:
    """She is dead: whatever opened any account of hers, an officer's too, opens nothing more.

    Where that was written by mistake she is given another card, or another slip.
    """
    for account in accounts_of_person(work.session, person_id):
        held = cards_of_account(work.session, account.id)
        for card in (held.in_use, held.waits):
            if card is not None:
                _end(work, card, "gone")
        _end_sessions_and_devices(work, account)
        end_secrets(work, account)


def stop_card(work: Work, card: NumberCard) -> bool:
    """Whoever was told of a new card says that it is not hers: it ends with all it opened.

    False if it is not in use any more. What it replaced does not come back: she comes to the
    office, and two officers see her.
    """
    if card.begun_at is None or card.ended_at is not None:
        return False
    account = work.session.get_one(Account, card.account_id)
    _end(work, card, "stopped")
    _end_sessions_and_devices(work, account)
    _log(work, "card_stopped", account)
    return True


def _open(work: Work, account_id: int | None, pin: str) -> Opening:
    heard = hear_pin(work, account_id, pin)
    account = work.session.get(Account, account_id or 0)
    if account is None or account.closed_at is not None or heard is Heard.WRONG:
        raise OpeningRefusedError
    return _heard(work, account, heard)


def _refuse_first_day(work: Work) -> None:
    opens = hers_from(work.session, work.actor.account_id or 0)
    if opens is None or opens > work.clock.now():
        raise OpeningRefusedError


def _heard(work: Work, account: Account, heard: Heard) -> Opening:
    """Said in the same words and the same number of rows, whichever PIN it was."""
    forced = heard is Heard.OTHER
    record_fact(work, "opened_by_pin", person_id=account.person_id, other=int(forced))
    return Opening(account.id, forced)


def _new_account(work: Work, person_id: int) -> Account:
    """An account that nobody signs in to with a password."""
    account = Account(
        ref=new_ref(),
        person_id=person_id,
        sign_in_name=f"~{new_ref()}",
        password_hash=None,
        made_at=work.clock.now(),
        confirmed_at=None,
    )
    work.session.add(account)
    work.session.flush()
    _log(work, "account_made", account)
    return account


def _end_what_was(work: Work, account: Account) -> None:
    """The card before, and whatever was opened by it or by a finger on her old telephone."""
    before = cards_of_person(work.session, account.person_id).in_use
    if before is not None:
        _end(work, before, "replaced")
    _end_sessions_and_devices(work, account)


def _end_sessions_and_devices(work: Work, account: Account) -> None:
    """Her own sign-ins, browsers that know her, her passkeys; an office has its own way back."""
    end_devices(work, account.id)
    end_voices(work, account.id)
    end_passkeys_of(work, account.id, "lost")


def _end(work: Work, card: NumberCard, how: str) -> None:
    card.ended_at, card.ended_how = work.clock.now(), how
    work.session.flush()


def _word_index(work: Work, card: NumberCard, word: str) -> bytes:
    return work.vault.fingerprint("card_start", f"{card.ref}|{word}")


def _log(work: Work, action: str, account: Account) -> None:
    audit.log(
        work,
        action,
        object_type="account",
        object_id=account.id,
        subject_person_id=account.person_id,
    )
