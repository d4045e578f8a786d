"""Signing in and out, and leaving in a hurry."""

from __future__ import annotations

from calendar import Calendar
from typing import TYPE_CHECKING

from flask import abort, redirect, request, session, url_for
from flask_login import current_user, logout_user

from union.identity.errors import SignInRefusedError, TooManyTriesError
from union.identity.forms import SignInForm
from union.identity.queries.sessions import is_forced
from union.identity.rules import kind_of_browser
from union.identity.services import sign_in, sign_out
from union.identity.services.accounts import digits_to_confirm
from union.identity.services.sessions import On
from union.identity.services.signing import Refused, Typed, Unseen
from union.identity.services.tries import Wait, pass_try, spend
from union.identity.views.blueprint import blueprint
from union.identity.views.cards import known_browser
from union.identity.views.known import buckets_of, know_again, known_here
from union.identity.views.signed_in import let_in
from union.web.addresses import own_address
from union.web.current import acting, forget_actor, kit
from union.web.limits import SIGN_IN_TRIES, limiter
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

TOO_MANY = 429


@blueprint.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@limiter.limit(SIGN_IN_TRIES, methods=["POST"], exempt_when=known_here)
def sign_in_page() -> ResponseReturnValue:
    """Ask for name, password and code."""
    form, back = SignInForm(), request.args.get("back")
    if request.method == "GET" and back and known_browser() is not None:
        return redirect(url_for("identity.open", back=back))
    if not form.validate_on_submit():
        return _ask(form)
    typed = Typed(str(form.sign_in_name.data), str(form.password.data), str(form.code.data))
    return _try(form, typed)


@blueprint.post("/sign-in/as")
def enter() -> ResponseReturnValue:
    """In a demonstration only: be one of its people, by the same door as everybody."""
    asked = request.form.get("sign_in_name")
    person = next((one for one in kit().showcase if one.sign_in_name == asked), None)
    if person is None:
        abort(404)
    with acting() as work:
        code = person.code(work)
    return _try(SignInForm(formdata=None), Typed(person.sign_in_name, person.password, code))


@blueprint.post("/sign-out", endpoint="sign_out")
def sign_out_now() -> ResponseReturnValue:
    """End this sign-in."""
    _end()
    return redirect(url_for("identity.sign_in"))


@blueprint.post("/leave")
def leave() -> ResponseReturnValue:
    """End this sign-in and show a page that means nothing."""
    _end()
    return redirect(url_for("identity.away"))


@blueprint.get("/away")
def away() -> ResponseReturnValue:
    """A month like any other: what is left on the screen when she leaves in a hurry."""
    today = kit().unit.clock.today()
    weeks = Calendar().monthdatescalendar(today.year, today.month)
    return page("identity/away.html", today=today, weeks=weeks)


def _try(form: SignInForm, typed: Typed) -> ResponseReturnValue:
    """Spend a try, then look: what comes of it is the same work whoever has the name.

    Under force it is not given back: who knows the other password gets no tries at the first.
    """
    buckets = buckets_of(typed.name)
    if isinstance(spend(kit().unit, *buckets), Wait):
        form.say(TooManyTriesError())
        return _ask(form), TOO_MANY
    with acting() as work:
        found = sign_in(work, typed, On(kind_of_browser(request.user_agent.string)))
        if isinstance(found, Unseen) or (isinstance(found, str) and not is_forced(work, found)):
            pass_try(work, *buckets)
        digits = digits_to_confirm(work, found.account) if isinstance(found, Unseen) else ""
    if isinstance(found, Refused):
        form.say(SignInRefusedError())
        return _ask(form)
    if isinstance(found, Unseen):
        return page("identity/waiting.html", digits=digits)
    answer = let_in(found, own_address(request.args.get("back"), url_for("home.home")))
    know_again(answer, typed.name)
    return answer


def _ask(form: SignInForm) -> str:
    return page("identity/sign_in.html", form=form, showcase=kit().showcase)


def _end() -> None:
    if current_user.is_authenticated:
        with acting() as work:
            sign_out(work, current_user.token)
    logout_user()
    session.clear()
    forget_actor()
