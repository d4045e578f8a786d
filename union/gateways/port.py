"""The doors through which words leave and enter: what every provider must offer, and no more.

Owns the plain values that cross the doors and the errors a provider may answer with. It must never
know a person, a purpose or a table: a gateway sees a key, an address and harmless words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from datetime import datetime


class GatewayError(UnionError):
    """The provider did not take the words; nothing of what it said is kept, only the code."""

    code: ClassVar[str] = "gateway_failed"


class GatewayRefusedError(GatewayError):
    """The provider answered and said no (number unknown, text not registered, credit gone)."""

    code: ClassVar[str] = "gateway_refused"


class GatewayUnreachableError(GatewayError):
    """The provider did not answer in time, or there was no way to it."""

    code: ClassVar[str] = "gateway_unreachable"


class GatewayGoneError(GatewayRefusedError):
    """Nothing is at this address any more, for good; `gone` in its facts names which of ours."""

    code: ClassVar[str] = "gateway_gone"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider took the words. It means nothing about whether anybody read them (C3).

    `gone` names those of several addresses (by our own references) that are there no more.
    """

    provider: str
    provider_id: str
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VoiceScript:
    """What a call says and asks; a real provider renders it as its own markup.

    `say` is spoken first. With `gather` above nought that many keys are waited for, and the keys
    come back through `Door.pressed`, whose answer is the next script. With `dial` whoever of these
    numbers picks up first, hears `joining.WORDS` and presses `joining.KEY` is put on the line, and
    `Door.pressed` is told JOINED before they hear each other; a machine that picks up presses
    nothing. `then` is spoken, and the call ended, when nothing was asked, nothing was pressed or
    nobody was put on the line. With `tell` what came of the ringing comes back through
    `Door.pressed` too, as ANSWERED or UNANSWERED, and its answer is said instead.
    `ask` is a word of ours for what the keys will mean; no provider reads it.
    """

    say: tuple[str, ...]
    gather: int = 0
    then: tuple[str, ...] = ()
    language: str = "en"
    ask: str = ""
    dial: tuple[str, ...] = field(default=(), repr=False)
    tell: bool = False

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> VoiceScript:
        """A script as it is kept in JSON, read back."""
        return cls(
            say=tuple(kept["say"]),
            gather=kept["gather"],
            then=tuple(kept["then"]),
            language=kept["language"],
            ask=kept.get("ask", ""),
            dial=tuple(kept.get("dial", ())),
            tell=kept.get("tell", False),
        )


JOINED, ANSWERED, UNANSWERED = "joined", "answered", "unanswered"
"""What is told of the telephones that rang for a call, in the place of keys: somebody pressed the
key and is put on the line; at the end that they spoke, or that nobody was put on it."""

YES, THERE, GOING = "yes", "there", "going"
"""What a missed call to a line of its own stands for."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing that came in, as the provider told it.

    `channel` is one of: call, missed_call, sms, keypad, link, app. Numbers are as the provider
    writes them. `key` is the attempt's idempotency key when this belongs to a call of ours. The
    `body` of a missed call is YES, THERE or GOING if the line rung stands for that, else empty.
    """

    provider: str
    provider_id: str
    channel: str
    from_number: str
    to_number: str
    body: str
    at: datetime
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a provider says became of words it took under `key`: told on, never believed (C3).

    `word` is one of: queued, sent, ringing, answered, delivered, failed, expired; `code` the
    provider's own number for a failure. `at` is None where the provider does not say when.
    """

    provider: str
    provider_id: str
    key: str
    word: str
    code: str = ""
    at: datetime | None = None


class SmsGateway(Protocol):
    """Sends one text. The same key twice must send once."""

    def send(self, key: str, to_e164: str, text: str) -> Receipt:
        """Hand over, or raise GatewayRefusedError or GatewayUnreachableError."""
        ...


class VoiceGateway(Protocol):
    """Starts one call. The same key twice must ring once."""

    def call(self, key: str, to_e164: str, script: VoiceScript) -> Receipt:
        """Start ringing, or raise GatewayRefusedError or GatewayUnreachableError."""
        ...


class PushGateway(Protocol):
    """Shows one notice of the app. The same key twice must show once."""

    def push(self, key: str, address: str, text: str) -> Receipt:
        """Hand over, or raise GatewayRefusedError or GatewayUnreachableError."""
        ...


class MailGateway(Protocol):
    """Sends one letter by mail. The same key twice must send once."""

    def mail(self, key: str, address: str, text: str) -> Receipt:
        """Hand over, or raise GatewayRefusedError or GatewayUnreachableError."""
        ...


@dataclass(frozen=True, slots=True)
class Gateways:
    """The providers of this deployment; a channel without one is refused, never dropped.

    `public_url` is what links begin with, without a slash at the end. `further` are the providers
    after the first by name, in their order: each has a queue of its own, so that one that stalls
    holds up no other.
    """

    sms: SmsGateway | None = None
    voice: VoiceGateway | None = None
    push: PushGateway | None = None
    mail: MailGateway | None = None
    public_url: str = ""
    further: Mapping[str, Gateways] = field(default_factory=dict)

    def by(self, via: str | None) -> Gateways:
        """The provider of that name; the first where there is none, or none is named."""
        return self if via is None else self.further.get(via, self)

    def further_ways(self) -> Mapping[str, tuple[str, ...]]:
        """For each way with more than one provider the names of those after the first."""
        ways = {
            way: tuple(name for name, one in self.further.items() if getattr(one, way) is not None)
            for way in ("sms", "voice", "push", "mail")
        }
        return {way: names for way, names in ways.items() if names}


class Door(Protocol):
    """The way in: what a provider (or the handset simulator) calls when somebody acts."""

    def received(self, inbound: Inbound) -> VoiceScript | None:
        """Keep it, once. For a call that is on the line, the answer is what to say now."""
        ...

    def pressed(self, inbound: Inbound) -> VoiceScript:
        """Keys pressed inside a call of ours (`inbound.key`); the answer is what to say next."""
        ...
