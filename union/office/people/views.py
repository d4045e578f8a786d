"""The page of offices: who holds them, proposing, confirming, ending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext

from union.identity.services import answer_role, propose_role
from union.kernel.actor import Grant, Role
from union.office.people.forms import EndForm, ProposeForm
from union.office.people.queries import account_written, branches_to_choose, people_in_office
from union.office.people.services import end_office
from union.web.current import reading
from union.web.forms import CommandForm, YesOrNoForm, sent
from union.web.look import ROLE_WORDS
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work

blueprint = Blueprint("people", __name__, url_prefix="/office/people")


@blueprint.get("")
def offices() -> ResponseReturnValue:
    """Who holds which office, and what waits for a second hand."""
    return _page(ProposeForm(formdata=None))


@blueprint.post("")
def propose() -> ResponseReturnValue:
    """Propose that somebody have an office."""
    form = ProposeForm()
    form.offer(branches_to_choose(reading()))

    def do(work: Work) -> dict[str, str]:
        branch_id = int(form.branch.data) if form.branch.data else None
        account = account_written(work, str(form.who.data))
        return {"ref": propose_role(work, account.id, Grant(Role(form.role.data), branch_id)).ref}

    if sent(form, "propose_office", do) is None:
        return _page(form)
    flash(gettext("It waits for another who gives offices."))
    return redirect(url_for("people.offices"))


@blueprint.post("/proposals/<ref>")
def answer(ref: str) -> ResponseReturnValue:
    """Say yes or no to what another proposed."""
    form = YesOrNoForm()

    def do(work: Work) -> dict[str, bool]:
        return {"given": answer_role(work, ref, agrees=form.agreed) is not None}

    done = sent(form, f"answer_office {ref}", do)
    if done is None:
        return _page(ProposeForm(formdata=None), said=form)
    if done["given"]:
        flash(gettext("She holds the office from now on."))
    else:
        flash(gettext("It waits for one more hand.") if form.agreed else gettext("It is refused."))
    return redirect(url_for("people.offices"))


@blueprint.post("/ended/<ref>")
def end(ref: str) -> ResponseReturnValue:
    """End an office, and what hangs on it."""
    form = EndForm()
    if sent(form, f"end_office {ref}", lambda work: {"id": end_office(work, ref).id}) is None:
        return _page(ProposeForm(formdata=None), said=form)
    flash(gettext("The office is ended. It opens nothing any more."))
    return redirect(url_for("people.offices"))


def _page(form: ProposeForm, said: CommandForm | None = None) -> str:
    work = reading()
    form.offer(branches_to_choose(work))
    return page(
        "office/people.html",
        people=people_in_office(work),
        propose=form,
        answer=YesOrNoForm(formdata=None),
        end=EndForm(formdata=None),
        said=said,
        offices=ROLE_WORDS,
    )
