"""The one blueprint of the bank's pages, and the words its templates choose from."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from union.kernel.ids import new_command_key
from union.web.words import bank as words

blueprint = Blueprint("bank", __name__, url_prefix="/bank")


@blueprint.context_processor
def in_words() -> dict[str, Any]:
    """How codes are said on these pages."""
    return {
        "kind_words": words.KINDS,
        "reason_words": words.REASONS,
        "state_words": words.STATES,
        "waits_for": words.WAITS_FOR,
        "file_kinds": words.FILE_KINDS,
        "fresh_key": new_command_key,
    }
