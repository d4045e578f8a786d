"""What a narration names: cards in any spelling, telephones, UPI addresses, codes of our own.

Nothing is decided here: a number of twelve figures is the bank's own, whatever it looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from union.bank.rules.codes import codes_in
from union.kernel.money import western_digits
from union.kernel.phone import PhoneUnreadableError, read_phone
from union.members.rules.cards import DEFAULT_PREFIX, read_card

_CARD = re.compile(
    rf"(?<![A-Z0-9]){DEFAULT_PREFIX}[\s/\\\-._:#]{{0,3}}(\d{{1,5}})(?![0-9])"
    r"|(?<![A-Z])(?:CARD|MEMBER)\s*(?:NO|NUMBER)?[\s.:#\-]*(\d{1,5})(?![0-9])",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![0-9])(?:\+91[\s-]?|0)?([5-9]\d{9})(?![0-9])")
_ADDRESS = re.compile(r"[A-Z0-9][A-Z0-9.\-_]{1,60}@[A-Z][A-Z0-9]{2,30}", re.IGNORECASE)
_ACCOUNT = re.compile(r"\d{6,18}")


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a line names. ``payer`` is what one payer's lines have in common, if anything is."""

    cards: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    payer: str | None = None


def read_tokens(narration: str, counterparty: str | None = None) -> Tokens:
    """Everything that a narration and a counterparty name, each once, in their order."""
    text = western_digits(f"{narration} {counterparty or ''}").strip()
    addresses = [one.lower() for one in _ADDRESS.findall(text)]
    return Tokens(
        cards=_once(read_card(first or second) for first, second in _CARD.findall(text)),
        phones=_once(_phones(text)),
        codes=codes_in(text),
        payer=addresses[0] if addresses else _account_of(counterparty),
    )


def _phones(text: str) -> list[str]:
    found = []
    for national in _PHONE.findall(text):
        try:
            found.append(read_phone(f"+91{national}").e164)
        except PhoneUnreadableError:
            continue
    return found


def _account_of(counterparty: str | None) -> str | None:
    """A counterparty's account number; a name alone is no payer, for many are called the same."""
    if counterparty is None or _ACCOUNT.search(counterparty) is None:
        return None
    return " ".join(counterparty.lower().split())


def _once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
