"""The provider's door: a signed notice is kept, once by its id, before anything comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, request

from union.checkout.services import keep_notice
from union.checkout.views.shared import provider_or_none
from union.gateways.payments import NoticeRefusedError
from union.kernel.actor import Actor
from union.web.current import kit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

LARGEST = 512 * 1024
ACTOR = Actor.system("card_notice")


def add_to(blueprint: Blueprint) -> None:
    """Give the door its address."""
    blueprint.add_url_rule("/notice", "notice", notice, methods=["POST"])


def notice() -> ResponseReturnValue:
    """Keep one notice. Without a provider or a secret there is no such door (404)."""
    provider = provider_or_none()
    if provider is None or not provider.listens:
        abort(404)
    request.max_content_length = LARGEST
    if (request.content_length or 0) > LARGEST:
        abort(413)
    try:
        held = provider.read_notice(
            request.get_data(cache=False), request.headers.get("Stripe-Signature", "")
        )
    except NoticeRefusedError:
        abort(400)
    with kit().unit.begin(ACTOR) as work:
        keep_notice(work, provider.name, held)
    return "", 200
