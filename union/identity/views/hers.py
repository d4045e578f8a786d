"""What a member proves besides her PIN, and the secrets she changes; never a secret on a page.

In a session that she was made to open every word is taken, and looks as if it were hers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from union.identity.errors import TooManyTriesError
from union.identity.forms.cards import (
    ChangePinForm,
    ChangeWordForm,
    NoOtherPinForm,
    OtherPinForm,
    PinForm,
    WordForm,
)
from union.identity.queries.cards import has_pin, hers_from, voice_of
from union.identity.rules.tries import ACCOUNT, HERS
from union.identity.services import pins
from union.identity.services.cards import prove_pin, prove_word
from union.identity.services.sessions import raise_reach
from union.identity.services.tries import Bucket, Wait, bucket_of, pass_try, spend
from union.identity.services.voices import prove_voice
from union.identity.views.blueprint import blueprint
from union.identity.views.cards import own_browser
from union.identity.views.signed_in import let_through
from union.infra.work import Work
from union.kernel.actor import Proof
from union.kernel.errors import NotFoundError, UnionError
from union.web.current import acting, current_actor, kit, reading
from union.web.forms import CommandForm, sent
from union.web.proving import kept_through_the_door
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

New = TypeVar("New", str, str | None)
"""A secret as it was typed; None takes one away."""

_TELLS = ("pin", "other")
_HER_CARD = frozenset({Proof.NUMBER_PIN, Proof.PIN})


def prove_hers(back: str) -> ResponseReturnValue:
    """The door for a member: her second word after her PIN, her PIN after a finger."""
    wants_pin = not current_actor().proofs & _HER_CARD
    form = PinForm() if wants_pin else WordForm()
    opens, voice = _opens_from(), _voice_from()
    typed = "pin" in request.form or "word" in request.form
    spoken = voice is not None and not wants_pin and "voice" in request.form
    if opens is None and (spoken or (typed and form.validate_on_submit())):
        try:
            return let_through(_raised_by_voice() if spoken else _proven(form), back)
        except UnionError as error:
            form.say(error)
    return page(
        "identity/prove_hers.html",
        form=form,
        opens=opens,
        voice=voice,
        heard=voice is not None and voice <= kit().unit.clock.now(),
        wants_pin=wants_pin,
        again=kept_through_the_door(),
    )


@blueprint.get("/me/secrets")
def me_secrets() -> ResponseReturnValue:
    """Her PIN, her second word, and the other PIN."""
    return _secrets()


@blueprint.post("/me/secrets/pin")
def me_pin() -> ResponseReturnValue:
    """Another PIN for every day."""
    form = ChangePinForm()
    return _kept("pin", form, lambda work: _changed(work, pins.change_pin, form.pin.digits))


@blueprint.post("/me/secrets/word")
def me_word() -> ResponseReturnValue:
    """Another second word."""
    form = ChangeWordForm()
    return _kept("word", form, lambda work: _changed(work, pins.change_word, form.word.word))


@blueprint.post("/me/secrets/other")
def me_other_pin() -> ResponseReturnValue:
    """A PIN for when she is made to open."""
    form = OtherPinForm()
    return _kept("other", form, lambda work: _changed(work, pins.set_other_pin, form.pin.digits))


@blueprint.post("/me/secrets/no-other")
def me_no_other_pin() -> ResponseReturnValue:
    """No other PIN any more."""
    form = NoOtherPinForm()
    return _kept("no_other", form, lambda work: _changed(work, pins.set_other_pin, None))


def _proven(form: PinForm | WordForm) -> str:
    """Her raised sign-in's token; OpeningRefusedError, TooManyTriesError.

    The try is spent before it is looked at.
    """
    buckets = _buckets("prove_pin" if isinstance(form, PinForm) else "prove_word")
    if isinstance(spend(kit().unit, *buckets), Wait):
        raise TooManyTriesError
    with acting() as work:
        pass_try(work, *buckets)
        if isinstance(form, PinForm):
            forced = prove_pin(work, form.pin.digits)
            return raise_reach(work, current_user.token, {Proof.PIN}, duress=forced)
        prove_word(work, form.word.word)
        return raise_reach(work, current_user.token, {Proof.WORD})


def _buckets(what: str) -> tuple[Bucket, ...]:
    """Where her tries are counted: a browser that knows her apart from all that do not."""
    account_id, vault = current_actor().account_id or 0, kit().unit.vault
    return (
        bucket_of(vault, what, f"{account_id}:{own_browser(account_id) or ''}", HERS),
        bucket_of(vault, f"{what}_all", str(account_id), ACCOUNT),
    )


def _raised_by_voice() -> str:
    with acting() as work:
        prove_voice(work)
        return raise_reach(work, current_user.token, {Proof.VOICE})


def _voice_from() -> datetime | None:
    """From when a voice that somebody vouched for opens; under force nobody did."""
    actor, work = current_actor(), reading()
    held = None if actor.duress else voice_of(work, actor.account_id or 0)
    return None if held is None else held.from_at


def _opens_from() -> datetime | None:
    """When what is hers opens at all, if that is still to come."""
    work = reading()
    opens = hers_from(work.session, current_actor().account_id or 0)
    return opens if opens is not None and opens > work.clock.now() else None


def _account() -> int:
    account_id = current_actor().account_id
    if account_id is None or not has_pin(reading().session, account_id):
        raise NotFoundError
    return account_id


def _changed(work: Work, change: Callable[[Work, int, New, pins.Here], None], new: New) -> None:
    """Another secret; only here her notebook stays open."""
    account_id = _account()
    change(work, account_id, new, pins.Here(current_user.token, own_browser(account_id)))


def _kept(what: str, form: CommandForm, do: Callable[[Work], object]) -> ResponseReturnValue:
    """A PIN that is refused for being the other one tells which that is: each costs a try."""

    def once(work: Work) -> dict[str, str]:
        do(work)
        return {"kept": "yes"}

    tells = what in _TELLS and form.validate_on_submit()
    if tells and isinstance(spend(kit().unit, *_buckets("pin_chosen")), Wait):
        form.say(TooManyTriesError())
        return _secrets(what, form)
    if sent(form, f"identity.me_{what}", once) is not None:
        flash(_("Written down."))
        return redirect(url_for("identity.me_secrets"))
    return _secrets(what, form)


def _secrets(what: str = "", refused: CommandForm | None = None) -> str:
    """Every form under ids of its own; the refused one says what is wrong."""
    forms: dict[str, CommandForm] = {
        "pin": ChangePinForm(formdata=None),
        "word": ChangeWordForm(formdata=None),
        "other": OtherPinForm(formdata=None),
        "no_other": NoOtherPinForm(formdata=None),
    }
    if refused is not None:
        forms[what] = refused
    for name, form in forms.items():
        for field in form:
            field.id = f"{name}-{field.id}"
            field.label.field_id = field.id
    by_card = bool(current_actor().proofs & _HER_CARD)
    return page("identity/me_secrets.html", forms=forms, by_card=by_card)
