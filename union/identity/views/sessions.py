"""All that opens her notebook, and her own sign-ins: to end one asks for no second secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from union.identity.forms.sessions import EndOthersForm, EndSignInForm
from union.identity.queries.sessions import SignInLine, sign_ins_of
from union.identity.services.sessions import Ended, Kind, end_all_of, end_one
from union.identity.views.blueprint import blueprint
from union.kernel.reach import Reach, reaches
from union.web.current import current_actor, kit, reading
from union.web.forms import sent
from union.web.navigation import locks_for
from union.web.render import page
from union.web.words.identity import BROWSER_WORDS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.get("/me/locks")
def locks() -> ResponseReturnValue:
    """All that opens her notebook, and where it is open: the ways to each."""
    return page("identity/locks.html", locks=locks_for(current_actor()))


@blueprint.get("/me/sessions")
def sessions() -> ResponseReturnValue:
    """Where her notebook is open; the list only for who has proven more than a PIN."""
    held = _held()
    return page(
        "identity/sessions.html",
        held=held,
        words=BROWSER_WORDS,
        ends={one.ref: EndSignInForm(formdata=None, sign_in=one.ref) for one in held},
        others=EndOthersForm(formdata=None),
    )


@blueprint.post("/me/sessions/end")
def end_session() -> ResponseReturnValue:
    """One of them is shut."""
    form = EndSignInForm()
    if sent(form, "identity.end_session", lambda work: _end_one(work, str(form.sign_in.data))):
        flash(_("It is shut there."))
    return redirect(url_for("identity.sessions"))


@blueprint.post("/me/sessions/end-others")
def end_other_sessions() -> ResponseReturnValue:
    """All others are shut."""
    if sent(EndOthersForm(), "identity.end_other_sessions", _end_others):
        flash(_("Your notebook is shut everywhere but here."))
    return redirect(url_for("identity.sessions"))


def _held() -> list[SignInLine]:
    actor, unit = current_actor(), kit().unit
    if actor.account_id is None or not reaches(actor, Reach.HERS, unit.clock.now()):
        return []
    held = sign_ins_of(reading(), actor.account_id, current_user.token)
    return [one for one in held if one.this_one or not actor.duress]


def _end_one(work: Work, ref: str) -> dict[str, str]:
    end_one(work, ref)
    return {"ended": ref}


def _end_others(work: Work) -> dict[str, int]:
    """By a PIN alone, or under force, never the sign-ins of an office."""
    actor, present = work.actor, current_user.token
    more = not actor.duress and reaches(actor, Reach.HERS, work.clock.now())
    kinds = tuple(Kind) if more else (Kind.MEMBER,)
    account_id = actor.account_id or 0
    return {"ended": end_all_of(work, account_id, Ended.BY_HER, but_token=present, kinds=kinds)}
