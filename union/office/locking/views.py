"""The pages of the lock: one button, a paper for the drawer, and the way back by two."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _

from union.kernel.access import Answer, may_knock
from union.kernel.errors import UnionError
from union.office.locking.forms import HandForm, LockForm, PaperForm
from union.office.locking.paper import print_letters
from union.office.locking.queries import standing
from union.office.locking.services import (
    How,
    bring_back,
    give_hand,
    lock_by_paper,
    lock_office,
    print_lock_paper,
)
from union.web.access import row_of
from union.web.current import acting, current_actor, kit, reading
from union.web.forms import sent
from union.web.limits import SIGN_IN_TRIES, limiter
from union.web.render import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from union.infra.work import Work
    from union.office.locking.queries import Standing

blueprint = Blueprint("locking", __name__)


@blueprint.route("/office/lock", methods=["GET", "POST"])
def lock() -> ResponseReturnValue:
    """Lock it: everybody is signed out, and nothing sealed opens until two bring it back."""
    form = LockForm()

    def do(work: Work) -> dict[str, bool]:
        return {"locked": lock_office(work, How.PAGE, work.actor.person_id) is not None}

    done = sent(form, "lock_office", do)
    if done is None:
        return _lock_page(form)
    _say(locked=done["locked"])
    return redirect(url_for("locking.locked"))


@blueprint.post("/office/lock/paper")
def lock_paper() -> ResponseReturnValue:
    """Print letters that lock it once, for whoever stands at the drawer."""
    form = LockForm()
    if not form.validate_on_submit():
        return _lock_page(form)
    with acting() as work:
        letters = print_lock_paper(work)
    address = kit().settings.public_url.rstrip("/") + url_for("locking.by_paper")
    paper = print_letters(letters.split("-"), [(_("Address"), address)], _("Works once."))
    answer = Response(paper, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="paper.pdf"'
    return answer


@blueprint.route("/drawer", methods=["GET", "POST"])
@limiter.limit(SIGN_IN_TRIES, methods=["POST"])
def by_paper() -> ResponseReturnValue:
    """Lock it by the letters of a paper, without signing in."""
    form = PaperForm()
    if form.validate_on_submit():
        try:
            lock_by = partial(lock_by_paper, letters=str(form.slip.data))
            is_locked = kit().unit.run(current_actor(), lock_by) is not None
        except UnionError as error:
            form.say(error)
        else:
            _say(locked=is_locked)
            return redirect(url_for("locking.locked"))
    return page("locking/by_paper.html", form=form)


@blueprint.get("/drawer/done")
def locked() -> ResponseReturnValue:
    """What whoever locked it is left with; it tells a stranger nothing."""
    return page("locking/locked.html")


@blueprint.route("/office/back", methods=["GET", "POST"])
@limiter.limit(SIGN_IN_TRIES, methods=["POST"])
def back() -> ResponseReturnValue:
    """Bring the office back: the first hand waits for another's, the second opens it."""
    form = HandForm()
    if form.validate_on_submit():
        try:
            if _opened_by(str(form.passphrase.data or "")):
                flash(_("The office is open again. Everything is as it was."))
                return redirect(url_for("home.home"))
        except UnionError as error:
            form.say(error)
        else:
            flash(_("Yours is the first hand. Now somebody else of those below does the same."))
            return redirect(url_for("locking.back"))
    found = standing(reading())
    return page("locking/back.html", form=form, standing=found, names=_names(found))


def _lock_page(form: LockForm) -> str:
    helps = may_knock(current_actor(), row_of("locking.back")) is Answer.OPEN
    found = standing(reading())
    names = _names(found) if helps else {}
    return page("locking/lock.html", form=form, standing=found, helps=helps, names=names)


def _names(found: Standing | None) -> Mapping[int, str]:
    return kit().name_people(reading(), set(found.keepers)) if found is not None else {}


def _opened_by(words: str) -> bool:
    """Whether this hand was the second; then every layer is off."""
    with acting() as work:
        hand = give_hand(work, words)
    if hand.is_second:
        bring_back(kit().unit, current_actor(), hand)
    return hand.is_second


def _say(*, locked: bool) -> None:
    if not locked:
        flash(
            _(
                "Everybody is signed out. It could not be locked: there are not two people yet who"
                " could bring it back."
            )
        )
