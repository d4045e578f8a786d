"""The trustees' page: whether the chain holds, its end in figures, and "I have written it down"."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _

from union.kernel.errors import UnionError
from union.office.readings.exporting import broken_rows, export_readings
from union.office.readings.forms import PlaceForm, WrittenForm
from union.office.readings.queries.keeping import kept
from union.office.readings.services.keeping import give_up_place, take_place, write_head_down
from union.office.readings.views.blueprint import blueprint
from union.web.current import acting, reading
from union.web.forms import sent
from union.web.limits import SIGN_IN_TRIES, limiter
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/readings/")
def keeping() -> ResponseReturnValue:
    """Where the chain ends, who keeps it, and whether it holds."""
    return _page()


@blueprint.post("/readings/place")
def take() -> ResponseReturnValue:
    """Keep the list from now on."""
    form = PlaceForm()
    if sent(form, "take_reading_place", lambda work: {"place": take_place(work).place}) is None:
        return _page(place=form)
    flash(_("You keep this list now. Write the figures down each day you come by."))
    return redirect(url_for("readings.keeping"))


@blueprint.post("/readings/place/give-up")
def give_up() -> ResponseReturnValue:
    """Keep it no longer."""
    form = PlaceForm()
    gone = sent(form, "give_up_reading_place", lambda work: {"place": give_up_place(work).place})
    if gone is None:
        return _page(place=form)
    flash(_("The place is free. Ask another trustee to take it."))
    return redirect(url_for("readings.keeping"))


@blueprint.post("/readings/written")
@limiter.limit(SIGN_IN_TRIES)
def written() -> ResponseReturnValue:
    """Sign with her own password that the figures stand on her paper."""
    form = WrittenForm()
    if not form.validate_on_submit():
        return _page(form)
    try:
        with acting() as work:
            write_head_down(work, str(form.seen.data), str(form.password.data))
    except UnionError as error:
        form.say(error)
        return _page(form)
    flash(_("Signed. Keep the paper where nobody else comes."))
    return redirect(url_for("readings.keeping"))


@blueprint.get("/readings/copy.zip")
def export() -> ResponseReturnValue:
    """The chain as a file, for checking it on her own machine."""
    file = io.BytesIO()
    export_readings(reading(), file)
    answer = Response(file.getvalue(), mimetype="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="copy.zip"'
    return answer


def _page(form: WrittenForm | None = None, place: PlaceForm | None = None) -> str:
    work = reading()
    found = kept(work)
    newest = found.heads[0] if found.heads else None
    form = form or WrittenForm(formdata=None)
    form.seen.data = newest.head.figures if newest else ""
    return page(
        "readings/keeping.html",
        kept=found,
        newest=newest,
        broken=broken_rows(work),
        form=form,
        place_form=place or PlaceForm(formdata=None),
    )
