"""Her opening words: the secret, other than her password, that opens what is sealed to her.

Invariant: whoever changes a password, or sets new ones by a slip, opens nothing sealed by that;
only her words of before lead to others. Nobody can give lost opening words back, nor choose new
ones in their place: what was sealed to her then opens for the others who hold it. Under force
they seem to be chosen, and any others are taken and kept nowhere; what is typed is not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from union.identity.errors import CircleHeldError, OpeningWordsSetError, SecretTooPlainError
from union.identity.models import CircleWish
from union.identity.rules.secrets import is_plain
from union.infra import audit
from union.infra.outbox import record_fact
from union.infra.sealing import (
    Circle,
    PassphraseWrongError,
    PersonalKey,
    make_circle,
    make_personal_key,
    open_own_key,
    put_under_other_words,
)
from union.kernel.errors import NotAllowedError

if TYPE_CHECKING:
    from union.infra.work import Work


def wish_circle(work: Work, circle: str, person_id: int) -> None:
    """This person is to be the first in a circle; CircleHeldError if somebody holds it already.

    It is made when she has chosen her opening words: before that nobody could be let in.
    """
    if work.session.get(Circle, circle) is not None:
        raise CircleHeldError
    if work.session.get(CircleWish, circle) is not None:
        raise CircleHeldError
    work.session.add(CircleWish(circle=circle, person_id=person_id, made_at=work.clock.now()))
    work.session.flush()


def has_opening_words(work: Work) -> bool:
    """Whether the present person has chosen hers, or, under force, seems to."""
    return work.actor.duress or work.session.get(PersonalKey, work.actor.person_id) is not None


def choose_opening_words(work: Work, words: str) -> None:
    """The present person's own, once; OpeningWordsSetError, SecretTooPlainError.

    Circles that wait for her are made with it.
    """
    person_id = work.actor.person_id
    if person_id is None:
        raise NotAllowedError
    if has_opening_words(work):
        raise OpeningWordsSetError
    if is_plain(words):
        raise SecretTooPlainError
    make_personal_key(work, person_id, words)
    waiting = select(CircleWish.circle).where(CircleWish.person_id == person_id)
    for circle in work.session.scalars(waiting).all():
        make_circle(work, circle, [person_id])
    record_fact(work, "opening_words_chosen", person_id=person_id)
    _write_down(work, "opening_words_chosen", person_id)


def change_opening_words(work: Work, present: str, chosen: str) -> None:
    """Other opening words for the present person: the same key, and by these words no more.

    PassphraseWrongError, OwnKeyMissingError, SecretTooPlainError. What was opened shuts, on every
    browser, and she is told. Sent once more it finds it done: then ``chosen`` opens, and nothing
    is changed or told.
    """
    if work.actor.person_id is None or work.actor.account_id is None:
        raise NotAllowedError
    if is_plain(chosen):
        raise SecretTooPlainError
    if work.actor.duress:
        return
    try:
        put_under_other_words(work, present, chosen)
    except PassphraseWrongError:
        open_own_key(work, chosen)
        return
    record_fact(work, "opening_words_changed", account_id=work.actor.account_id)
    _write_down(work, "opening_words_changed", work.actor.person_id)


def _write_down(work: Work, action: str, person_id: int) -> None:
    audit.log(
        work,
        action,
        object_type="person",
        object_id=person_id,
        subject_person_id=person_id,
    )
