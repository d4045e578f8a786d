"""The real providers of a deployment in their order, from its settings; it opens no connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.gateways.gammu import modem
from union.gateways.http_sms import http_sms
from union.gateways.http_sms.gateway import Registered, unregistered
from union.gateways.port import Gateways, SmsGateway
from union.gateways.twilio import Twilio, twilio_provider
from union.infra.ways_settings import GAMMU, TWILIO

if TYPE_CHECKING:
    from union.infra.ways_settings import WaysSettings


def real_gateways(
    ways: WaysSettings, public_url: str, registered: Registered = unregistered
) -> Gateways:
    """The first provider of each way, and the others behind it by name."""
    twilio = None if ways.twilio is None else twilio_provider(ways.twilio, public_url)
    texts = {name: _texts_by(name, ways, twilio, registered) for name in ways.sms}
    first = next(iter(texts.values()), None)
    return Gateways(
        sms=first,
        voice=twilio if TWILIO in ways.voice else None,
        public_url=public_url,
        further={name: Gateways(sms=one) for name, one in list(texts.items())[1:]},
    )


def _texts_by(
    name: str, ways: WaysSettings, twilio: Twilio | None, registered: Registered
) -> SmsGateway | None:
    if name == TWILIO:
        return twilio
    if name == GAMMU:
        return None if ways.gammu is None else modem(ways.gammu)
    return http_sms(ways.http[name], registered)
