"""Signing in and out, and leaving in a hurry."""

from __future__ import annotations

from calendar import Calendar
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, redirect, request, session, url_for
from flask_login import UserMixin, current_user, login_user, logout_user

from union.identity.forms import SignInForm
from union.identity.services import SignInRefusedError, sign_in, sign_out
from union.web.current import acting, forget_actor, kit
from union.web.limits import SIGN_IN_TRIES, limiter
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("identity", __name__)


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login carries no types
    """A sign-in as Flask-Login sees it: the token is all the cookie knows."""

    def __init__(self, token: str) -> None:
        """Hold the token."""
        self.token = token

    def get_id(self) -> str:
        """The token, for the signed cookie."""
        return self.token


@blueprint.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@limiter.limit(SIGN_IN_TRIES, methods=["POST"])
def sign_in_page() -> ResponseReturnValue:
    """Ask for name and password."""
    form = SignInForm()
    if form.validate_on_submit():
        try:
            with acting() as work:
                token = sign_in(work, str(form.sign_in_name.data), str(form.password.data))
        except SignInRefusedError as error:
            form.say(error)
        else:
            session.clear()
            login_user(SignedIn(token))
            forget_actor()
            return redirect(_safe(request.args.get("back")))
    return page("identity/sign_in.html", form=form, showcase=kit().showcase)


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


def _end() -> None:
    if current_user.is_authenticated:
        with acting() as work:
            sign_out(work, current_user.token)
    logout_user()
    session.clear()
    forget_actor()


def _safe(back: str | None) -> str:
    parts = urlsplit(back or "")
    own = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    odd = back is not None and (back.startswith("//") or "\\" in back)
    return back if back and own and not odd else url_for("home.home")
