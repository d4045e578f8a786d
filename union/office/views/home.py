"""The first page after signing in: one sentence with the figure in it, one likely next act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, redirect, request, url_for

from union.office.today import cards_for
from union.web.access import row_of
from union.web.addresses import own_address
from union.web.current import current_actor, kit, reading
from union.web.look import TONGUES
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.office.today import Act

blueprint = Blueprint("home", __name__)

_YEAR_S = 365 * 24 * 3600


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Today: one card for each thing she does here."""
    cards = [(card, [act for act in card.acts if _opens(act)]) for card in cards_for(reading())]
    return page("home/home.html", cards=cards)


def _opens(act: Act) -> bool:
    """Whether the page behind a button exists and is hers to open."""
    if act.endpoint not in current_app.view_functions:
        return False
    return current_actor().has(*row_of(act.endpoint).roles)


@blueprint.post("/language")
def language() -> ResponseReturnValue:
    """Keep the tongue she chose on this device, and go back to where she was."""
    chosen = request.form.get("language", "")
    answer = redirect(own_address(request.form.get("back"), url_for("home.home")))
    if chosen in TONGUES:
        answer.set_cookie(
            "language",
            chosen,
            max_age=_YEAR_S,
            secure=kit().settings.secure_cookies,
            httponly=True,
            samesite="Lax",
        )
    return answer
