"""The providers' doors: each lets in who proves who it is, keeps what it tells, and no more.

A provider that is not configured, or has nothing to prove itself with, has no door (404). Nothing
of what is told stands in an address: texts come in bodies, and a GET can only leave a receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, request

from union.gateways import twilio
from union.gateways.http_sms import Told, may_knock, read_receipt, read_text
from union.gateways.twilio.provider import keys_address
from union.kernel.actor import Actor
from union.messages.services import store_receipt
from union.web.current import kit

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue
    from flask_wtf import CSRFProtect

    from union.gateways.port import Delivery, Door, Inbound
    from union.infra.ways_settings import HttpSmsSettings, TwilioSettings, WaysSettings

EXTENSION = "sangha_providers"
LARGEST = 64 * 1024
ACTOR = Actor.system("receipt")

blueprint = Blueprint("providers", __name__, url_prefix="/in")


@dataclass(frozen=True, slots=True)
class Providers:
    """Who may knock, and the union's door behind them."""

    ways: WaysSettings | None
    door: Door


def install(app: Flask, csrf: CSRFProtect, ways: WaysSettings | None, door: Door) -> None:
    """Open the doors; what is signed, or carries a secret, needs no token of ours."""
    app.extensions[EXTENSION] = Providers(ways, door)
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)


@blueprint.post("/sms/<provider>")
def text(provider: str) -> ResponseReturnValue:
    """A text that came in at a gateway."""
    settings, told = _gateway(provider)
    inbound = read_text(settings, told, kit().unit.clock.now())
    if inbound is None:
        abort(400)
    _providers().door.received(inbound)
    return _plain("")


@blueprint.route("/sms/<provider>/receipt", methods=["GET", "POST"])
def receipt(provider: str) -> ResponseReturnValue:
    """What a gateway says became of a text of ours."""
    settings, told = _gateway(provider)
    return _keep(read_receipt(settings, told))


@blueprint.post("/twilio/sms")
def twilio_text() -> ResponseReturnValue:
    """A text that came in at Twilio."""
    _signed()
    return _received(twilio.read_text(request.form, kit().unit.clock.now()))


@blueprint.post("/twilio/call")
def twilio_call() -> ResponseReturnValue:
    """Somebody rings a number of ours at Twilio; a line for missed calls stays unanswered."""
    settings = _signed()
    inbound = twilio.read_call(settings, request.form, kit().unit.clock.now())
    answer = _received(inbound)
    return _markup(twilio.REJECT) if twilio.is_missed_line(settings, request.form) else answer


@blueprint.post("/twilio/ended")
def twilio_ended() -> ResponseReturnValue:
    """A call to us is over; if we never heard it begin, it was a missed one."""
    _signed()
    inbound = twilio.read_ended(request.form, kit().unit.clock.now())
    return _markup(twilio.NOTHING) if inbound is None else _received(inbound)


@blueprint.post("/twilio/keys/<key>/<int:step>")
def twilio_keys(key: str, step: int) -> ResponseReturnValue:
    """Keys pressed in a call of ours; the answer is what the call says next."""
    _signed()
    inbound = twilio.read_keys(request.form, key, step, kit().unit.clock.now())
    if inbound is None:
        abort(400)
    script = _providers().door.pressed(inbound)
    address = keys_address(_public_url(), key, step + 1)
    return _markup(twilio.render(script, address, inbound.to_number))


@blueprint.post("/twilio/join/<key>/<int:step>")
def twilio_join(key: str, step: int) -> ResponseReturnValue:
    """A telephone of ours that was rung for a call was picked up: by her, or by a machine?"""
    _signed()
    address = twilio.join_address(keys_address(_public_url(), key, step), "joined")
    return _markup(twilio.ask_to_join(address))


@blueprint.post("/twilio/joined/<key>/<int:step>")
def twilio_joined(key: str, step: int) -> ResponseReturnValue:
    """The key she pressed; it is kept before she hears anybody."""
    _signed()
    inbound = twilio.read_joined(request.form, key, step, kit().unit.clock.now())
    if inbound is None:
        return _markup(twilio.HANG_UP)
    _providers().door.pressed(inbound)
    return _markup(twilio.NOTHING)


@blueprint.post("/twilio/receipt/<key>")
def twilio_receipt(key: str) -> ResponseReturnValue:
    """What Twilio says became of a text or a call of ours."""
    _signed()
    return _keep(twilio.read_receipt(request.form, key))


def _gateway(provider: str) -> tuple[HttpSmsSettings, Told]:
    """The gateway that knocks and what it tells: 404 without a door, 403 without its secret."""
    ways = _providers().ways
    settings = None if ways is None else ways.http.get(provider)
    if settings is None or not settings.webhook_secret:
        abort(404)
    _not_too_large()
    told = Told(
        values={**request.args.to_dict(), **request.form.to_dict()},
        headers=dict(request.headers),
        body=request.get_data(),
        charset=request.mimetype_params.get("charset", "utf-8"),
        source=request.remote_addr or "",
    )
    if not may_knock(settings, told):
        abort(403)
    if len(told.body) >= LARGEST:
        # Its size was not told, and it was read no further.
        abort(413)
    return settings, told


def _signed() -> TwilioSettings:
    """The account that signed this request: 404 without one, 403 if it did not."""
    ways = _providers().ways
    if ways is None or ways.twilio is None or not ways.twilio.auth_token:
        abort(404)
    _not_too_large()
    signature = request.headers.get(twilio.SIGNATURE, "")
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    address = f"{_public_url()}{request.path}{query}"
    if not twilio.is_signed(ways.twilio, address, request.form.to_dict(flat=False), signature):
        abort(403)
    return ways.twilio


def _not_too_large() -> None:
    """Nobody is read further than this before he has proven himself, whatever he says of it."""
    request.max_content_length = LARGEST
    if (request.content_length or 0) > LARGEST:
        abort(413)


def _received(inbound: Inbound | None) -> Response:
    if inbound is None:
        abort(400)
    script = _providers().door.received(inbound)
    if script is None:
        return _markup(twilio.NOTHING)
    address = keys_address(_public_url(), inbound.provider_id, 1)
    return _markup(twilio.render(script, address, inbound.to_number))


def _keep(delivery: Delivery | None) -> Response:
    if delivery is not None:
        with kit().unit.begin(ACTOR) as work:
            store_receipt(work, delivery)
    return _plain("")


def _markup(words: str) -> Response:
    return Response(words, mimetype="text/xml")


def _plain(words: str) -> Response:
    return Response(words, mimetype="text/plain")


def _public_url() -> str:
    return kit().settings.public_url


def _providers() -> Providers:
    held: Providers = current_app.extensions[EXTENSION]
    return held
