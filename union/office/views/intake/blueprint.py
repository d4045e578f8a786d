"""The one blueprint of bringing a register in, and the words its templates choose from."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from union.kernel.errors import NotAllowedError
from union.members.policy import keeps_whole_register
from union.web.current import current_actor
from union.web.words import members as words

blueprint = Blueprint("intake", __name__, url_prefix="/books-in")


@blueprint.context_processor
def in_words() -> dict[str, Any]:
    """How codes are said on these pages."""
    return {
        "verdicts": words.VERDICTS,
        "columns": words.COLUMNS,
        "reasons": words.REASONS,
        "said": words.finding_in_words,
    }


def refuse_part_keeper() -> None:
    """Books cross branches: only who keeps the whole register may bring one in."""
    if not keeps_whole_register(current_actor()):
        raise NotAllowedError
