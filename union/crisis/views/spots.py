"""Meeting points by district: a page to keep them, for those in charge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, url_for

from union.crisis.forms.taken import NewSpotForm, SpotForm
from union.crisis.queries.rota_pages import branch_of_ref
from union.crisis.queries.taken import landmarks_of, meeting_points
from union.crisis.services.meeting import add_point, keep_point
from union.crisis.views.blueprint import blueprint, done
from union.members.queries import branches
from union.web.current import reading
from union.web.forms import CommandForm
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.get("/meeting-points")
def spots() -> ResponseReturnValue:
    """Every district and how many meeting points it has."""
    session = reading().session
    many = [(one, len(meeting_points(session, one.id))) for one in branches(session)]
    return page("crisis/spots.html", districts=many)


@blueprint.get("/meeting-points/<ref>")
def spots_of(ref: str) -> ResponseReturnValue:
    """The spots of one district."""
    return _page(ref)


@blueprint.post("/meeting-points/<ref>")
def spot_keep(ref: str) -> ResponseReturnValue:
    """One is a meeting point from now on, or no more."""
    form, branch = SpotForm(), branch_of_ref(reading(), ref)
    mine = {one.id for one in landmarks_of(reading().session, branch.id)}

    def do(work: Work) -> None:
        spot = int(str(form.spot.data))
        keep_point(work, spot if spot in mine else 0, on=form.on.data == "yes")

    if done(form, "spot_keep", do):
        return redirect(url_for("crisis.spots_of", ref=ref))
    return _page(ref, form)


@blueprint.post("/meeting-points/<ref>/new")
def spot_new(ref: str) -> ResponseReturnValue:
    """A new one."""
    form, branch = NewSpotForm(), branch_of_ref(reading(), ref)

    def do(work: Work) -> None:
        also = (part.strip() for part in str(form.also.data or "").split(","))
        add_point(work, branch.id, (str(form.name.data).strip(), *filter(None, also)))

    if done(form, "spot_new", do):
        return redirect(url_for("crisis.spots_of", ref=ref))
    return _page(ref, form)


def _page(ref: str, refused: CommandForm | None = None) -> str:
    branch = branch_of_ref(reading(), ref)
    return page(
        "crisis/spots_of.html",
        branch=branch,
        spots=landmarks_of(reading().session, branch.id),
        keeping=SpotForm(formdata=None),
        adding=refused if isinstance(refused, NewSpotForm) else NewSpotForm(formdata=None),
        refused=refused,
    )
