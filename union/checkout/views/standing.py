"""Every standing payment by card, for the desk: who pays so, what rests, and a button for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from union.checkout.forms import ButtonForm
from union.checkout.queries.standing import standing_payments
from union.checkout.services import ask_end, ask_rest
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.web.current import kit, perform, reading
from union.web.render import page
from union.web.words import in_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST_PAGES = 10_000


def add_to(blueprint: Blueprint) -> None:
    """Give the list and its buttons their addresses."""
    post = ["POST"]
    blueprint.add_url_rule("/standing", "standing", standing)
    blueprint.add_url_rule("/standing/<ref>/rest", "desk_rest", desk_rest, methods=post)
    blueprint.add_url_rule("/standing/<ref>/go-on", "desk_go_on", desk_go_on, methods=post)
    blueprint.add_url_rule("/standing/<ref>/stop", "desk_stop", desk_stop, methods=post)


def standing() -> ResponseReturnValue:
    """Whose card pays by itself."""
    work = reading()
    number = min(max(request.args.get("page", 0, type=int), 0), MOST_PAGES)
    shown, more = standing_payments(work, number)
    asked = {one.instruction.rest_asked_by for one in shown} - {None}
    return page(
        "checkout/standing.html",
        shown=shown,
        number=number,
        more=more,
        names=kit().name_people(work, {one for one in asked if one is not None}),
        form=ButtonForm(formdata=None),
    )


def desk_rest(ref: str) -> ResponseReturnValue:
    """Let it rest, because she asked for it."""
    said = _("It rests. She sees on her own page who asked for it.")
    return _press("desk_rest_card", lambda work: {"ref": ask_rest(work, ref, rests=True).ref}, said)


def desk_go_on(ref: str) -> ResponseReturnValue:
    """Let it go on, because she asked for it."""
    said = _("It goes on with the next month.")
    return _press(
        "desk_go_on_card", lambda work: {"ref": ask_rest(work, ref, rests=False).ref}, said
    )


def desk_stop(ref: str) -> ResponseReturnValue:
    """End it, because she asked for it."""
    said = _("It is ended. Nothing more is taken from her card.")
    return _press("desk_stop_card", lambda work: _stopped(work, ref), said)


def _stopped(work: Work, ref: str) -> dict[str, Any]:
    return {"ref": ask_end(work, ref, "by_office").ref}


def _press(name: str, do: Callable[[Work], dict[str, Any]], said: str) -> ResponseReturnValue:
    form = ButtonForm()
    if form.validate_on_submit():
        try:
            perform(form, name, do)
        except UnionError as error:
            flash(str(in_words(error)), "trouble")
        else:
            flash(said)
    return redirect(url_for("checkout.standing"))
