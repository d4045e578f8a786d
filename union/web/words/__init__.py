"""Errors in words, one module per domain, so that they can be translated."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from union.kernel.errors import UnionError
from union.web.words import (
    after,
    bank,
    checkout,
    crisis,
    dues,
    identity,
    intake,
    ledger,
    legal,
    members,
    messages,
    office,
    policies,
    reports,
    rota,
    taken,
    welfare,
)

_COMMON: dict[str, LazyString] = {
    "not_allowed": lazy_gettext("This page is kept for somebody else's work."),
    "not_found": lazy_gettext("There is nothing here. It may have moved, or it was never yours."),
    "command_reused": lazy_gettext(
        "This page was already used for something else. Open it again and write it anew."
    ),
    "amount_unreadable": lazy_gettext("Write the amount in figures, like 20 or 20.50."),
    "phone_unreadable": lazy_gettext("Write the telephone number in figures, ten of them."),
    "month_unreadable": lazy_gettext("Write the month like 2026-10."),
    "key_gone": lazy_gettext("This was erased for good, as she asked."),
    "circle_missing": lazy_gettext(
        "Nobody holds a key for this yet. Ask the secretary to name somebody first."
    ),
    "not_entitled": lazy_gettext("You hold no key to this."),
    "passphrase_wrong": lazy_gettext("That is not your password. Nothing was opened."),
}

WORDS: dict[str, LazyString] = {
    **_COMMON,
    **identity.WORDS,
    **ledger.WORDS,
    **members.WORDS,
    **messages.WORDS,
    **dues.WORDS,
    **crisis.WORDS,
    **intake.WORDS,
    **after.WORDS,
    **rota.WORDS,
    **taken.WORDS,
    **policies.WORDS,
    **welfare.WORDS,
    **legal.WORDS,
    **checkout.WORDS,
    **bank.WORDS,
    **office.WORDS,
    **reports.WORDS,
}

_UNKNOWN = lazy_gettext("This could not be done just now. Nothing was changed; try once more.")


def in_words(error: UnionError) -> str:
    """What happened and what to do, in the reader's language."""
    return str(WORDS.get(error.code, _UNKNOWN))
