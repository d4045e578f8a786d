"""Knocking at a gateway: everything is at hand, no transaction is open, no table is touched.

Content goes through here to the gateway and nowhere else; what comes back is a receipt or a code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from union.gateways.port import (
    GatewayGoneError,
    GatewayRefusedError,
    Gateways,
    Receipt,
    VoiceScript,
)
from union.kernel.errors import UnionError
from union.messages.rules.reach import Channel

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Knock:
    """One call to make at a gateway, complete: nothing more is looked up outside a transaction."""

    attempt_id: int
    key: str
    channel: str
    address: str = field(repr=False)
    text: str = field(repr=False)
    script: VoiceScript | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a knock: a receipt, or a code; and which addresses are there no more."""

    attempt_id: int
    receipt: Receipt | None = None
    code: str | None = None
    gone: tuple[str, ...] = ()


def knocker(gateways: Gateways, channel: str) -> Callable[[Knock], Receipt]:
    """How one knocks on this way; a way without a gateway refuses."""

    def knock_at(knock: Knock) -> Receipt:
        if channel == Channel.SMS.value and gateways.sms is not None:
            return gateways.sms.send(knock.key, knock.address, knock.text)
        if channel == Channel.VOICE.value and gateways.voice is not None and knock.script:
            return gateways.voice.call(knock.key, knock.address, knock.script)
        if channel == Channel.PUSH.value and gateways.push is not None:
            return gateways.push.push(knock.key, knock.address, knock.text)
        if channel == Channel.MAIL.value and gateways.mail is not None:
            return gateways.mail.mail(knock.key, knock.address, knock.text)
        raise GatewayRefusedError

    return knock_at


def result_of(knock: Knock, answer: Receipt | Exception) -> Result:
    """What came of it, as a receipt or a code."""
    if isinstance(answer, Receipt):
        return Result(knock.attempt_id, receipt=answer, gone=answer.gone)
    # Only a code of our own is kept: a provider's exception may quote the number.
    code = answer.code if isinstance(answer, UnionError) else "gateway_failed"
    log.warning("attempt_failed", attempt_id=knock.attempt_id, code=code)
    return Result(knock.attempt_id, code=code, gone=_gone_of(answer))


def _gone_of(answer: Exception) -> tuple[str, ...]:
    if not isinstance(answer, GatewayGoneError):
        return ()
    return tuple(ref for ref in str(answer.facts.get("gone", "")).split(",") if ref)
