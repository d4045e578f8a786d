"""The one blueprint of legal, and the words its templates choose from."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from union.web.look import office_words
from union.web.words import legal as words

blueprint = Blueprint("legal", __name__, url_prefix="/papers")


@blueprint.app_context_processor
def in_words() -> dict[str, Any]:
    """How codes of cases and openings are said, on any page that shows some."""
    return {"case_words": words, "office_words": office_words}
