"""Her own pages: asking for help, and seeing what became of it and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _

from union.kernel.errors import NotFoundError, UnionError
from union.web.current import current_actor, perform, reading
from union.web.render import page
from union.welfare import services
from union.welfare.forms import AppealForm, AskForm, chosen_day
from union.welfare.policy import is_hers
from union.welfare.queries import claim_by_ref, claim_view, claims_of, version_on, versions_of
from union.welfare.rules import SICKNESS, Evidence
from union.welfare.views.blueprint import blueprint

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.welfare.models import Claim
    from union.welfare.queries import ClaimView


@blueprint.get("/rules")
def scheme() -> ResponseReturnValue:
    """What the union pays, and what it asks for."""
    work = reading()
    return page(
        "welfare/scheme.html",
        now=version_on(work.session, SICKNESS, work.clock.today()),
        versions=versions_of(work.session, SICKNESS),
    )


@blueprint.route("/ask", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Three questions."""
    form = AskForm()
    if form.validate_on_submit():
        try:
            new = new_claim(form, _person_id())
            made = perform(form, "ask_benefit", lambda work: _made(services.ask_benefit(work, new)))
        except UnionError as error:
            form.say(error)
        else:
            flash(_("It is with the committee. You will see here what they say."))
            return redirect(url_for("welfare.my_claim", ref=made["ref"]))
    return page("welfare/ask.html", form=form, on_behalf=False)


@blueprint.get("/mine")
def mine() -> ResponseReturnValue:
    """Everything she asked for."""
    return page("welfare/mine.html", claims=claims_of(reading(), _person_id()))


@blueprint.get("/mine/<ref>")
def my_claim(ref: str) -> ResponseReturnValue:
    """One claim, where it stands and why."""
    form = AppealForm(formdata=None)
    return page("welfare/my_claim.html", claim=_hers(ref), form=form)


@blueprint.post("/mine/<ref>/again")
def appeal(ref: str) -> ResponseReturnValue:
    """Ask once more after a refusal."""
    form = AppealForm()
    if form.validate_on_submit():
        try:
            perform(
                form, f"appeal_claim:{ref}", lambda work: _made(services.appeal_claim(work, ref))
            )
        except NotFoundError:
            raise
        except UnionError as error:
            form.say(error)
        else:
            flash(_("You asked once more. Somebody else of the committee will hear you."))
            return redirect(url_for("welfare.my_claim", ref=ref))
    return page("welfare/my_claim.html", claim=_hers(ref), form=form)


def new_claim(form: AskForm, person_id: int) -> services.NewClaim:
    """What the form asks for."""
    return services.NewClaim(
        person_id=person_id,
        from_on=chosen_day(form.from_on),
        until_on=chosen_day(form.until_on),
        evidence=Evidence(form.evidence.data),
        health=form.health.data or "",
    )


def _made(claim: Claim) -> dict[str, str]:
    return {"ref": claim.ref}


def _person_id() -> int:
    person_id = current_actor().person_id
    if person_id is None:
        abort(404)
    return person_id


def _hers(ref: str) -> ClaimView:
    claim = claim_by_ref(reading().session, ref)
    if claim is None:
        raise NotFoundError
    view = claim_view(reading(), claim)
    if not is_hers(current_actor(), view.her_ids):
        raise NotFoundError
    return view
