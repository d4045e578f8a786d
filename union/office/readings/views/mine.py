"""Her own page: who opened what is kept of her, and "this was not right"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from union.kernel.errors import NotFoundError
from union.office.readings.forms import AskForm
from union.office.readings.queries.openings import (
    PAGE,
    delays_of,
    opening_of,
    openings_of,
    proof_for_her,
)
from union.office.readings.services.asking import ask_about
from union.office.readings.views.blueprint import blueprint
from union.web.current import current_actor, reading
from union.web.forms import sent
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work
    from union.office.readings.queries.openings import Proof


@blueprint.get("/papers/who-opened")
def who_opened() -> ResponseReturnValue:
    """Who opened what is kept of whoever asks, the latest first, page by page."""
    before = request.args.get("before")
    found = openings_of(reading(), _her_id(), before, PAGE + 1) if _is_somebody() else []
    return page(
        "readings/mine.html",
        openings=found[:PAGE],
        further=found[PAGE - 1].ref if len(found) > PAGE else None,
        first=before is None,
        delays=delays_of(reading(), _her_id()) if _is_somebody() and before is None else [],
    )


@blueprint.route("/papers/who-opened/<ref>/wrong", methods=["GET", "POST"])
def not_right(ref: str) -> ResponseReturnValue:
    """Say that one of them was not right."""
    form = AskForm()

    def do(work: Work) -> dict[str, str]:
        return {"ref": ask_about(work, ref, str(form.words.data or "")).ref}

    if sent(form, f"ask_about:{ref}", do) is not None:
        flash(_("It is with the trustees. What they find will stand beside it."))
        return redirect(url_for("readings.who_opened"))
    return page("readings/not_right.html", form=form, one=opening_of(reading(), _her_id(), ref))


@blueprint.get("/papers/who-opened/<ref>/proof")
def proof(ref: str) -> ResponseReturnValue:
    """What she hands to whoever shall check that this line stands in the chain."""
    return proof_file(proof_for_her(reading(), _her_id(), ref))


def proof_file(found: Proof) -> Response:
    """A row's salt and text as the verifier takes them."""
    answer = Response(f"{found.salt}\n{found.said}\n", mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="line-{found.number}.txt"'
    return answer


def _is_somebody() -> bool:
    return current_actor().person_id is not None


def _her_id() -> int:
    person_id = current_actor().person_id
    if person_id is None:
        raise NotFoundError
    return person_id
