"""What is shared with a lawyer from outside, and nothing else of the union."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from union.legal import services
from union.legal.queries import shared_with
from union.legal.views.blueprint import blueprint
from union.web.current import acting, reading
from union.web.opening import offered, opened
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/shared")
def shared() -> ResponseReturnValue:
    """The cases shared with her now; the list names nobody and opens none."""
    work = reading()
    found = shared_with(work, work.actor.person_id) if work.actor.person_id is not None else []
    return page("legal/shared.html", shares=found)


@blueprint.get("/shared/<share_ref>")
def shared_case(share_ref: str) -> ResponseReturnValue:
    """The parts of one case that she may read; the reading is committed before they go out."""
    with acting() as work:
        own = opened(work)
        content = services.read_share(work, share_ref, own)
        opening = offered(work, url_for("legal.shared_case", share_ref=share_ref), own)
    return page("legal/shared_case.html", case=content, opening=opening)
