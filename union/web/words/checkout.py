"""The errors of checkout in words: what happened, then what to do."""

from __future__ import annotations

from flask_babel import LazyString

WORDS: dict[str, LazyString] = {}
