"""The one blueprint of keeping, and the words its templates choose from."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from union.kernel.erased import say_aged_out
from union.web.words import retention as words

blueprint = Blueprint("retention", __name__)
blueprint.record_once(lambda _state: say_aged_out(words.aged_out))


@blueprint.context_processor
def in_words() -> dict[str, Any]:
    """How codes of keeping are said."""
    return {"kept_words": words}
