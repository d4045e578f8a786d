"""The one blueprint of welfare, and the words its templates choose from."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from union.web.words import welfare as words
from union.welfare.queries import ClaimView
from union.welfare.rules import kept_inputs

blueprint = Blueprint("welfare", __name__, url_prefix="/claims")


@blueprint.context_processor
def in_words() -> dict[str, Any]:
    """How codes are said on these pages."""
    return {
        "states": words.STATES,
        "evidence_words": words.EVIDENCE,
        "departure_words": words.DEPARTURES,
        "reason_words": words.reason,
        "inputs_of": inputs_of,
        "terms_in_words": words.terms_in_words,
    }


def inputs_of(view: ClaimView) -> dict[str, object]:
    """What the rule looks at now, as it would be kept."""
    return dict(kept_inputs(view.terms, view.known))
