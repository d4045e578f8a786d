"""The errors of office in words: what happened, then what to do."""

from __future__ import annotations

from flask_babel import LazyString

from union.web.words import audit

WORDS: dict[str, LazyString] = {**audit.WORDS}
