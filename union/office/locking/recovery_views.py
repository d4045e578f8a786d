"""The page of recovery: trustees' papers, the set they make, and what holders put into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _

from union.kernel.errors import UnionError
from union.office.locking.forms import LockForm, PutInForm
from union.office.locking.paper import print_letters
from union.office.locking.recovering import (
    make_set_of_papers,
    print_recovery_paper,
    put_circles_in,
    recovery,
)
from union.office.locking.views import blueprint
from union.web.current import acting, kit, reading
from union.web.forms import sent
from union.web.limits import SIGN_IN_TRIES, limiter
from union.web.render import page
from union.web.words.locking import CIRCLES, TROUBLES

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.web.forms import CommandForm

__all__ = ["blueprint"]


@blueprint.get("/office/recovery", endpoint="recovery")
def show() -> ResponseReturnValue:
    """How it stands, and what is hers to do."""
    return _page()


@blueprint.post("/office/recovery/paper")
def recovery_paper() -> ResponseReturnValue:
    """A trustee's own paper, printed once and kept nowhere."""
    form = LockForm()
    if not form.validate_on_submit():
        return _page(said=form)
    with acting() as work:
        groups = print_recovery_paper(work)
    foot = _("Printed once. Keep it where nobody else comes, and apart from every other.")
    answer = Response(print_letters(groups, [], foot), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="paper.pdf"'
    return answer


@blueprint.post("/office/recovery/set")
def recovery_set() -> ResponseReturnValue:
    """Make a set of the trustees' newest papers."""
    form = LockForm()
    if sent(form, "recovery_set", lambda work: {"id": make_set_of_papers(work).id}) is None:
        return _page(said=form)
    flash(_("The set is made. Write its figures on your papers, and tell them to who holds keys."))
    return redirect(url_for("locking.recovery"))


@blueprint.post("/office/recovery/put-in")
@limiter.limit(SIGN_IN_TRIES)
def put_in() -> ResponseReturnValue:
    """Put what she holds into the set."""
    form = PutInForm()
    if not form.validate_on_submit():
        return _page(form)
    try:
        with acting() as work:
            put_circles_in(work, str(form.passphrase.data), str(form.figures.data))
    except UnionError as error:
        form.say(error)
        return _page(form)
    flash(_("It is in the set. Two trustees could open it now, and nobody else."))
    return redirect(url_for("locking.recovery"))


def _page(form: PutInForm | None = None, said: CommandForm | None = None) -> str:
    found = recovery(reading())
    return page(
        "locking/recovery.html",
        recovery=found,
        names=kit().name_people(reading(), set(found.papers)),
        form=form or PutInForm(formdata=None),
        button=LockForm(formdata=None),
        said=said,
        circles=CIRCLES,
        troubles=TROUBLES,
    )
