"""Holds: what stands, one more, longer, and lifting by two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from union.infra.holds import HeldThing, HoldReason
from union.office.retention.forms import AgainForm, HoldForm
from union.office.retention.policy import may_hold
from union.office.retention.queries import holds_open
from union.office.retention.services.holds import NewHold, lift_hold, place_hold, renew_hold
from union.office.retention.views.blueprint import blueprint
from union.web.current import reading
from union.web.forms import CommandForm, sent
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.route("/office/holds", methods=["GET", "POST"])
def holds() -> ResponseReturnValue:
    """What is held, and one more."""
    form = HoldForm()
    form.offer(may_hold(reading().actor))

    def do(work: Work) -> dict[str, str]:
        what, why = HeldThing(form.what.data), HoldReason(form.why.data)
        until = form.until.data or work.clock.today()
        new = NewHold(what, str(form.named.data), why, str(form.words.data), until)
        return {"ref": place_hold(work, new).ref}

    if sent(form, "place_hold", do) is not None:
        flash(_("It is held from now on."))
        return redirect(url_for("retention.holds"))
    return _page(form)


@blueprint.post("/office/holds/<ref>/longer")
def renew(ref: str) -> ResponseReturnValue:
    """Let one last a year from today."""
    form = AgainForm()

    def do(work: Work) -> dict[str, str]:
        return {"ref": renew_hold(work, ref).ref}

    done = sent(form, f"renew_hold:{ref}", do)
    return _after(form, None if done is None else _("It is held longer."))


@blueprint.post("/office/holds/<ref>/lift")
def lift(ref: str) -> ResponseReturnValue:
    """Ask that one end, or end it as the second."""
    form = AgainForm()

    def do(work: Work) -> dict[str, bool]:
        return {"ended": lift_hold(work, ref).ended_at is not None}

    done = sent(form, f"lift_hold:{ref}", do)
    if done is None:
        return _after(form, None)
    ended, waits = _("It is held no longer."), _("It waits for a second person.")
    return _after(form, ended if done["ended"] else waits)


def _after(form: CommandForm, said: str | None) -> ResponseReturnValue:
    if said is not None:
        flash(said)
        return redirect(url_for("retention.holds"))
    hold_form = HoldForm(formdata=None)
    hold_form.offer(may_hold(reading().actor))
    return _page(hold_form, form)


def _page(form: HoldForm, refused: CommandForm | None = None) -> str:
    return page(
        "retention/holds.html",
        holds=holds_open(reading()),
        form=form,
        refused=refused,
        again_form=AgainForm(formdata=None),
    )
