"""A passkey kept and used by a telephone, as the tests of passkeys begin."""

from __future__ import annotations

from dataclasses import replace

from tests.builders.passkeys import PLACE
from union.identity.services import passkeys
from union.identity.services.passkeys import Answer
from union.kernel.actor import Actor

BROWSER = "the secret of this browser"
OTHERS = "the secret of another browser"


def as_her(work, account):
    """The same work, done by her."""
    return replace(work, actor=Actor(account.person_id, account.id, frozenset()))


def added(work, phone, label="small phone"):
    """The telephone, with a passkey of hers kept."""
    question = passkeys.ask_to_add(work, PLACE, BROWSER, label)
    answer = Answer(question.ref, BROWSER, phone.make(question.options))
    assert passkeys.add_passkey(work, PLACE, answer, label) is not None
    return phone


def opened(work, phone, lies=None, *, browser=BROWSER, ref=None):
    """The account that the telephone opens, or None."""
    question = passkeys.ask_to_open(work, PLACE, BROWSER)
    credential = phone.give(question.options, *([lies] if lies else []))
    return passkeys.open_with(work, PLACE, Answer(ref or question.ref, browser, credential))
