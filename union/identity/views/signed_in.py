"""What a browser holds of a sign-in, and how it is handed over; never a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import make_response, redirect, session
from flask_login import login_user

from union.web.current import forget_actor
from union.web.proving import kept_through_the_door
from union.web.render import page

if TYPE_CHECKING:
    from werkzeug import Response


class SignedIn:
    """A sign-in as Flask-Login sees it: the token is all the cookie knows."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, token: str) -> None:
        """Hold the token."""
        self.token = token

    def get_id(self) -> str:
        """The token, for the signed cookie."""
        return self.token


def let_in(token: str, address: str) -> Response:
    """Give this browser a sign-in in place of whatever it held, and send it to an address of ours.

    Nothing of the old cookie goes on: one that was set from outside is worth nothing.
    """
    _hand_over(token)
    return redirect(address)


def let_through(token: str, address: str) -> Response:
    """As ``let_in``, for who proved herself once more: what she had written is sent from here."""
    again = kept_through_the_door()
    _hand_over(token)
    if again is None:
        return redirect(address)
    return make_response(page("identity/send_now.html", again=again))


def _hand_over(token: str) -> None:
    session.clear()
    login_user(SignedIn(token))
    forget_actor()
