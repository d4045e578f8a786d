"""The one blueprint of readings, and the words its templates choose from."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from union.web.look import office_words
from union.web.words import readings as words

blueprint = Blueprint("readings", __name__)


@blueprint.context_processor
def in_words() -> dict[str, Any]:
    """How codes of readings are said."""
    return {"reading_words": words, "office_words": office_words}
