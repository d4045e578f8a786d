"""A member opens her notebook: with her card and PIN, or with her PIN where a browser knows her.

Every try is spent before it is looked at; what is refused is refused in one sentence, whatever it
was that did not fit. Nothing here needs a script.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import redirect, request, url_for

from union.identity.errors import OpeningRefusedError
from union.identity.forms.cards import CardForm, NewCardForm, PinForm
from union.identity.models import Account
from union.identity.queries.cards import device_known
from union.identity.rules import kind_of_browser
from union.identity.rules.cards import DEVICE_LASTS
from union.identity.rules.tries import ACCOUNT, ADDRESS, HERS, STRANGER
from union.identity.services import cards
from union.identity.services.devices import forget_device, keep_device, use_device
from union.identity.services.sessions import Kind, On, begin_session
from union.identity.services.tries import Bucket, Wait, bucket_of, pass_try, spend
from union.identity.views.blueprint import blueprint
from union.identity.views.signed_in import let_in
from union.infra.work import Work
from union.kernel.actor import Proof
from union.kernel.errors import UnionError
from union.web.addresses import own_address
from union.web.current import acting, kit, reading
from union.web.limits import SIGN_IN_TRIES, limiter, visitor
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

Typed = CardForm | NewCardForm | PinForm


@dataclass(frozen=True, slots=True)
class Way:
    """One way to open: where its tries are counted, what it proves, and how it is looked at."""

    buckets: tuple[Bucket, ...]
    proof: Proof
    look: Callable[[Work], cards.Opening]
    keep: bool = False


def known_browser() -> str | None:
    """What this browser holds, if it is known: its owner is asked for her PIN alone."""
    token = request.cookies.get(_cookie())
    return token if token and device_known(reading(), token) is not None else None


def own_browser(account_id: int) -> str | None:
    """What this browser holds, if it is known to be hers."""
    token = request.cookies.get(_cookie())
    held = device_known(reading(), token) if token else None
    return token if held is not None and held.account_id == account_id else None


@blueprint.route("/open", methods=["GET", "POST"], endpoint="open")
@limiter.limit(SIGN_IN_TRIES, methods=["POST"], exempt_when=lambda: known_browser() is not None)
def open_notebook() -> ResponseReturnValue:
    """Her PIN where this browser knows her; else her card's number and her PIN."""
    token = known_browser()
    if token is not None and "card" not in request.args:
        return _by_pin(token)
    form = CardForm()
    if form.validate_on_submit():
        number, pin = form.number.digits, form.pin.digits
        answer = _open(
            form,
            Way(
                _strangers("card", number),
                Proof.NUMBER_PIN,
                lambda work: cards.open_with_card(work, number, pin),
                keep=bool(form.mine.data),
            ),
        )
        if answer is not None:
            return answer
    return page("identity/open.html", form=form)


@blueprint.route("/open/new", methods=["GET", "POST"], endpoint="open_new")
@limiter.limit(SIGN_IN_TRIES, methods=["POST"])
def open_new_card() -> ResponseReturnValue:
    """A new card, opened while she sits with somebody who knows her."""
    form = NewCardForm()
    if form.validate_on_submit():
        typed = cards.NewSecrets(
            form.number.digits, form.start_digits(), form.pin.digits, form.word.word
        )
        answer = _open(
            form,
            Way(
                _strangers("new_card", typed.digits),
                Proof.NUMBER_PIN,
                lambda work: cards.open_new_card(work, typed),
                keep=bool(form.mine.data),
            ),
        )
        if answer is not None:
            return answer
    return page("identity/open_new.html", form=form)


@blueprint.post("/open/forget", endpoint="open_forget")
def forget() -> ResponseReturnValue:
    """This browser asks for the card again."""
    token = request.cookies.get(_cookie())
    if token:
        with acting() as work:
            forget_device(work, token)
    answer = redirect(url_for("identity.open"))
    answer.delete_cookie(_cookie(), secure=kit().settings.secure_cookies, httponly=True)
    return answer


def _by_pin(token: str) -> ResponseReturnValue:
    form = PinForm()
    if form.validate_on_submit():
        pin = form.pin.digits

        def look(work: Work) -> cards.Opening:
            opened = cards.open_with_device(work, token, pin)
            use_device(work, token)
            return opened

        answer = _open(form, Way(_known(token), Proof.PIN, look))
        if answer is not None:
            return answer
    return page("identity/open_pin.html", form=form)


def _open(form: Typed, way: Way) -> ResponseReturnValue | None:
    """Let her in; None if it was refused, and the form says so. The try is spent either way."""
    if isinstance(spend(kit().unit, *way.buckets), Wait):
        form.say(OpeningRefusedError())
        return None
    try:
        with acting() as work:
            opened = way.look(work)
            pass_try(work, *way.buckets)
            account = work.session.get_one(Account, opened.account_id)
            on = On(kind_of_browser(request.user_agent.string), duress=opened.forced)
            token = begin_session(work, account, {way.proof}, Kind.MEMBER, on)
            device = keep_device(work, account.id) if way.keep else None
    except UnionError as error:
        form.say(error)
        return None
    answer = let_in(token, own_address(request.args.get("back"), url_for("home.home")))
    if device is not None:
        answer.set_cookie(
            _cookie(),
            device,
            max_age=DEVICE_LASTS,
            secure=kit().settings.secure_cookies,
            httponly=True,
            samesite="Lax",
        )
    return answer


def _strangers(what: str, number: str) -> tuple[Bucket, ...]:
    """Where tries for a number are counted, from whatever browser, whether it is anybody's."""
    vault = kit().unit.vault
    return (
        bucket_of(vault, what, number, STRANGER),
        bucket_of(vault, f"{what}_network", visitor(), ADDRESS),
    )


def _known(token: str) -> tuple[Bucket, ...]:
    """Where tries of a browser that knows her are counted: its own, and all of hers together."""
    vault, held = kit().unit.vault, device_known(reading(), token)
    own = bucket_of(vault, "device", token, HERS)
    if held is None:
        return (own,)
    return (own, bucket_of(vault, "devices", str(held.account_id), ACCOUNT))


def _cookie() -> str:
    """Its name; where the address is safe, one that no other host can set."""
    return "__Host-d" if kit().settings.secure_cookies else "d"
