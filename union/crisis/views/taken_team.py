"""The list as the team on the spot needs it: whom to ask for, what to give, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, url_for

from union.crisis.forms.taken import GivenForm, MoveForm
from union.crisis.policy import is_hers
from union.crisis.queries.desk import incident_by_ref, page_by_ref
from union.crisis.queries.taken import going_of
from union.crisis.rules.taken import Source, tally
from union.crisis.services.taken_reading import read_taken
from union.crisis.views.blueprint import blueprint, done
from union.crisis.views.taken import give, move_ticked
from union.kernel.errors import NotFoundError
from union.web.current import acting, current_actor, reading
from union.web.forms import CommandForm
from union.web.render import page
from union.web.words import taken as words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.crisis.models import Incident


@blueprint.get("/mine/<ref>/list")
def team_list(ref: str) -> ResponseReturnValue:
    """Whom to ask for at the counter."""
    return _page(ref)


@blueprint.post("/mine/<ref>/list")
def team_move(ref: str) -> ResponseReturnValue:
    """Where those she ticked are now."""
    form, incident = MoveForm(), _hers(ref)
    if done(form, "team_move", lambda work: move_ticked(work, incident, form)):
        return redirect(url_for("crisis.team_list", ref=ref))
    return _page(ref, form)


@blueprint.post("/mine/<ref>/given")
def team_given(ref: str) -> ResponseReturnValue:
    """Somebody had what she needed."""
    form, incident = GivenForm(), _hers(ref)
    if done(form, "team_given", lambda work: give(work, incident, form, Source.TEAM)):
        return redirect(url_for("crisis.team_list", ref=ref))
    return _page(ref, form)


def _hers(ref: str) -> Incident:
    """The incident she goes to; NotFoundError unless she was told of it and was not forced."""
    asked = page_by_ref(reading(), ref)
    if not is_hers(current_actor(), asked):
        raise NotFoundError
    return going_of(reading().session, asked)


def _page(ref: str, refused: CommandForm | None = None) -> str:
    incident_ref = _hers(ref).ref
    with acting() as work:
        incident = incident_by_ref(work, incident_ref)
        people = read_taken(work, incident.id, members=False)
    return page(
        "crisis/taken_team.html",
        ref=ref,
        people=people,
        where=tally([one.standing for one in people]),
        first_due=min((one.due_by for one in people if one.runs), default=None),
        moving=refused if isinstance(refused, MoveForm) else MoveForm(formdata=None),
        giving=GivenForm(formdata=None),
        refused=refused,
        taken_words=words,
    )
