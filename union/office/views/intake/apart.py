"""The rows kept apart, for the one officer who may open them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from union.kernel.errors import UnionError
from union.members.forms import OpenForm, PlainForm
from union.members.services.set_aside import deal_with, open_set_aside
from union.office.views.intake.blueprint import blueprint
from union.web.current import acting, perform
from union.web.limits import SIGN_IN_TRIES, limiter
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.route("/apart", methods=["GET", "POST"])
@limiter.limit(SIGN_IN_TRIES, methods=["POST"])
def apart() -> ResponseReturnValue:
    """Ask for her own password; show the rows after each reading was written down."""
    form, rows = OpenForm(), None
    if form.validate_on_submit():
        try:
            with acting() as work:
                rows = open_set_aside(work, str(form.passphrase.data), form.why)
        except UnionError as error:
            form.say(error)
    return page("office/import_apart.html", form=form, rows=rows, done_form=PlainForm())


@blueprint.post("/apart/<ref>/done")
def dealt_with(ref: str) -> ResponseReturnValue:
    """She has seen to this row."""
    form = PlainForm()

    def keep(work: Work) -> dict[str, Any]:
        deal_with(work, ref)
        return {}

    if form.validate_on_submit():
        perform(form, f"deal_with:{ref}", keep)
        flash(_("Written down."))
    return redirect(url_for("intake.apart"))
