"""The errors of messages in words: what happened, then what to do."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

WORDS: dict[str, LazyString] = {
    "gateway_refused": lazy_gettext("The telephone company did not take this. Try another way."),
    "gateway_unreachable": lazy_gettext(
        "The telephone company does not answer. It is tried again."
    ),
    "gateway_failed": lazy_gettext("This could not be sent. It is tried again another way."),
    "text_unknown": lazy_gettext("There is no such text. Tell whoever looks after the machine."),
    "text_content": lazy_gettext(
        "A text may carry no name, place or reason. Nothing was sent; leave them out."
    ),
    "call_over": lazy_gettext("That call is over. Ring again."),
}
