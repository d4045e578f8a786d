"""Her opening words, said once for some minutes: the browser's half of it, and the page that asks.

Owns the cookie in which that half lies, the field that asks for the words and the way back to
exactly the page she wanted, with what she had written. Never writes the half or the words anywhere
else, and never decides what an opened key opens.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user
from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from union.infra.opened_keys import open_for_minutes, open_until, opened_key, shut
from union.infra.sealing import WordsAskedError
from union.kernel.errors import UnionError
from union.web.addresses import own_address
from union.web.again import written_again
from union.web.current import acting, kit
from union.web.forms import ReadingForm
from union.web.leaving import LEAVE, SIGN_OUT
from union.web.limits import SIGN_IN_TRIES, limiter
from union.web.proving import KEPT, KEPT_ADDRESS, kept_through_the_door
from union.web.render import page
from union.web.words import in_words

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from union.infra.sealing import OwnKey
    from union.infra.work import Work
    from union.web.again import Again

PREFIX = "opened-"

blueprint = Blueprint("opening", __name__, url_prefix="/opened")


class OpenForMinutesForm(ReadingForm):
    """Her opening words, and which page she wanted."""

    passphrase = PasswordField(
        _("Your opening words"),
        validators=[InputRequired(_("Write your opening words.")), Length(max=200)],
    )
    back = HiddenField()


class ShutForm(ReadingForm):
    """Only the button, and which page she is on."""

    back = HiddenField()


@dataclass(frozen=True, slots=True)
class Opening:
    """What a page offers: the field where it is shut, and until when it is open where it is not.

    ``again`` is what she had written on this page and not yet sent well.
    """

    form: OpenForMinutesForm
    shut: ShutForm
    until: datetime | None
    again: Again | None

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """Hidden fields in which what she had written goes through the door with her."""
        if self.again is None:
            return ()
        fields = tuple((f"{KEPT}{name}", value) for name, value in self.again.written)
        return ((KEPT_ADDRESS, self.again.address), *fields)


def opened(work: Work) -> OwnKey | None:
    """Her opened key if her words were said in the last minutes, on this browser; else None."""
    token, half = _token(), _half()
    return opened_key(work, token, half) if token and half else None


def said_by(work: Work, words: str | None) -> str | OwnKey:
    """What opens: the words she wrote now, else her opened key; WordsAskedError for neither."""
    own = None if words else opened(work)
    if own is None and not words:
        raise WordsAskedError
    return own or str(words)


def is_open(work: Work) -> bool:
    """Whether her key seems open, so that her words need not be asked for; opens nothing."""
    return bool(_half()) and open_until(work, _token()) is not None


def offered(work: Work, back: str, own: OwnKey | None) -> Opening:
    """What to show of it on a page to which ``back`` leads; ``own`` is what is opened, if it is."""
    return Opening(
        OpenForMinutesForm(formdata=None, prefix=PREFIX, back=back),
        ShutForm(formdata=None, prefix=PREFIX, back=back),
        None if own is None else open_until(work, _token()),
        written_again(),
    )


@blueprint.get("/")
def ask() -> ResponseReturnValue:
    """The field alone, for who comes from elsewhere."""
    return _ask(OpenForMinutesForm(formdata=None, prefix=PREFIX, back=request.args.get("back")))


@blueprint.post("/")
@limiter.limit(SIGN_IN_TRIES)
def open_now() -> ResponseReturnValue:
    """Open her key for some minutes and go back to where she was; what she wrote goes with her."""
    form = OpenForMinutesForm(prefix=PREFIX)
    if not form.validate_on_submit():
        return _ask(form)
    try:
        with acting() as work:
            half = open_for_minutes(work, _token(), str(form.passphrase.data))
    except UnionError as error:
        form.passphrase.errors = [in_words(error)]
        return _ask(form)
    again = kept_through_the_door()
    if again is None:
        answer = make_response(redirect(_back(form)))
    else:
        answer = make_response(page("opening/send_now.html", again=again))
    return _hand_over(answer, half)


@blueprint.post("/shut")
def shut_now() -> ResponseReturnValue:
    """Shut it before its time."""
    form = ShutForm(prefix=PREFIX)
    if form.validate_on_submit():
        with acting() as work:
            shut(work, _token())
    return _take_back(make_response(redirect(_back(form))))


@blueprint.after_app_request
def _leave_nothing(response: Response) -> Response:
    """Whoever signs out or leaves takes her half along; the other one ends with the sign-in."""
    if request.endpoint in {SIGN_OUT, LEAVE} and _name() in request.cookies:
        return _take_back(response)
    return response


def _ask(form: OpenForMinutesForm) -> str:
    kept = kept_through_the_door()
    opening = Opening(form, ShutForm(formdata=None, prefix=PREFIX), None, kept)
    return page("opening/ask.html", opening=opening)


def _back(form: OpenForMinutesForm | ShutForm) -> str:
    return own_address(str(form.back.data or ""), url_for("home.home"))


def _token() -> str:
    return str(current_user.get_id() or "")


def _half() -> bytes:
    """What this browser holds; nothing if it is not what we gave."""
    try:
        return urlsafe_b64decode(request.cookies.get(_name(), ""))
    except (binascii.Error, ValueError):
        return b""


def _hand_over(response: Response, half: bytes) -> Response:
    """Until the browser is closed, and never with what another page sends here."""
    response.set_cookie(
        _name(),
        urlsafe_b64encode(half).decode(),
        secure=kit().settings.secure_cookies,
        httponly=True,
        samesite="Strict",
    )
    return response


def _take_back(response: Response) -> Response:
    secure = kit().settings.secure_cookies
    response.delete_cookie(_name(), secure=secure, httponly=True, samesite="Strict")
    return response


def _name() -> str:
    return "__Host-k" if kit().settings.secure_cookies else "k"
