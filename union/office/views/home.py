"""The first page after signing in: one sentence with the figure in it, one likely next act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Today."""
    return page("home/home.html")
