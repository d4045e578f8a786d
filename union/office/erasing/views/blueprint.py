"""The one blueprint of erasing, and the words its templates choose from."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from union.kernel.erased import say_erased
from union.web.words import erasing as words

blueprint = Blueprint("erasing", __name__)
blueprint.record_once(lambda _state: say_erased(lambda: str(words.ERASED)))


@blueprint.context_processor
def in_words() -> dict[str, Any]:
    """How codes of erasing are said."""
    return {"erasing_words": words}
