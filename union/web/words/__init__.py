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
    erasing,
    identity,
    intake,
    ledger,
    legal,
    locking,
    members,
    messages,
    office,
    policies,
    readings,
    reports,
    retention,
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
    "machine_key_missing": lazy_gettext(
        "This cannot be opened here just now: whoever keeps the machine must see to its keys."
    ),
    "circle_missing": lazy_gettext(
        "Nobody holds a key for this yet. Ask the secretary to name somebody first."
    ),
    "not_entitled": lazy_gettext("You hold no key to this."),
    "passphrase_wrong": lazy_gettext("Those are not your opening words. Nothing was opened."),
    "words_asked": lazy_gettext("This opens only when you write your opening words here."),
    "own_key_missing": lazy_gettext(
        "You have no opening words yet. Choose yours on the page “My opening words”."
    ),
    "room_forged": lazy_gettext(
        "What lies here was not put here by this notebook, so it is not opened. Tell whoever keeps"
        " the machine."
    ),
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
    **locking.WORDS,
    **erasing.WORDS,
    **readings.WORDS,
    **retention.WORDS,
    **reports.WORDS,
}

_UNKNOWN = lazy_gettext("This could not be done just now. Nothing was changed; try once more.")


def in_words(error: UnionError) -> str:
    """What happened and what to do, in the reader's language."""
    return str(WORDS.get(error.code, _UNKNOWN))
