"""Her own page: asking to be erased, and saying no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from union.infra.key_ends import hindrances
from union.office.erasing.forms import AskMineForm, PlainForm
from union.office.erasing.queries import order_of
from union.office.erasing.services import asking
from union.office.erasing.views.blueprint import blueprint
from union.web.current import current_actor, reading
from union.web.forms import sent
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work
    from union.web.forms import CommandForm

IN_OFFICE = "office"
"""What an officer's own asking waits for, whatever else: under force she is told this alone."""


@blueprint.get("/papers/erase")
def mine() -> ResponseReturnValue:
    """How it stands, and what it would do."""
    return _page()


@blueprint.post("/papers/erase")
def ask_mine() -> ResponseReturnValue:
    """She asks."""
    form = AskMineForm()

    def do(work: Work) -> dict[str, str]:
        asking.ask_for_herself(work)
        return {}

    if sent(form, "ask_to_be_erased", do) is None:
        return _page(form)
    flash(_("It is asked for. Two officers must agree, then you are told, and have three days."))
    return redirect(url_for("erasing.mine"))


@blueprint.post("/papers/erase/stop")
def stop_mine() -> ResponseReturnValue:
    """She says no."""
    form = PlainForm()

    def do(work: Work) -> dict[str, str]:
        asking.stop_mine(work)
        return {}

    if sent(form, "stop_being_erased", do) is None:
        return _page(refused=form)
    flash(_("Stopped. Everything of yours stays as it was."))
    return redirect(url_for("erasing.mine"))


def _page(form: AskMineForm | None = None, refused: CommandForm | None = None) -> str:
    work, person_id = reading(), current_actor().person_id
    is_told = person_id is not None and not work.actor.duress
    order = order_of(work, person_id) if is_told and person_id is not None else None
    waits = hindrances(work.session, person_id) if is_told and person_id is not None else []
    if not is_told and work.actor.office:
        waits = [IN_OFFICE]
    return page(
        "erasing/mine.html",
        order=order,
        waits=waits,
        form=form or AskMineForm(formdata=None),
        refused=refused,
        plain=PlainForm(formdata=None),
    )
