"""A complaint against one of our own: said by her it happened to, received by two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError
from union.legal import services
from union.legal.forms import ComplaintForAnotherForm, ComplaintForm
from union.legal.queries import complaints_of, person_of_card, receivers_of
from union.legal.rules import RECEIVERS, TWO
from union.legal.views.blueprint import blueprint
from union.web.current import current_actor, reading
from union.web.forms import sent
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.route("/complaint", methods=["GET", "POST"])
def complain() -> ResponseReturnValue:
    """Say what one of our own has done."""
    receives = current_actor().has(*RECEIVERS)
    form = ComplaintForAnotherForm() if receives else ComplaintForm()
    made = sent(form, "open_complaint", lambda work: _open(work, form))
    if made is None:
        return page("legal/complaint.html", form=form)
    if made["receivers"] == TWO:
        flash(_("It is kept. Two people who have nothing to do with it are given it."))
    else:
        flash(_("It is kept. Somebody who has nothing to do with it is still looked for."))
    return redirect(url_for("home.home"))


@blueprint.get("/received")
def received() -> ResponseReturnValue:
    """The complaints she receives; the list names nobody and opens none."""
    work = reading()
    mine = complaints_of(work, work.actor.person_id) if work.actor.person_id is not None else []
    return page("legal/received.html", mine=mine)


def _open(work: Work, form: ComplaintForm) -> dict[str, int]:
    whose, card = str(form.data.get("whose") or ""), form.card.data or ""
    subject = person_of_card(work, whose) if whose.strip() else work.actor.person_id
    if subject is None:
        raise NotAllowedError
    new = services.NewComplaint(
        subject_person_id=subject,
        words=str(form.words.data),
        person_ids=frozenset({person_of_card(work, card)} if card.strip() else ()),
        office=Role(form.office.data) if form.office.data else None,
    )
    return {"receivers": len(receivers_of(work, services.open_complaint(work, new).id))}
