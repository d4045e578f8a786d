"""The errors of identity in words: what happened, then what to do."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

WORDS: dict[str, LazyString] = {
    "sign_in_refused": lazy_gettext("Name and password do not fit together. Try once more."),
    "sign_in_name_taken": lazy_gettext("Somebody already signs in by this name. Choose another."),
}
