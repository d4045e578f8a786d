"""Words and gateways for tests, with sound defaults."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import count

from union.gateways.port import (
    Gateways,
    Inbound,
    Receipt,
    VoiceScript,
)
from union.messages.services import Outgoing

PUBLIC_URL = "https://example.test"

_provider_ids = count(1)


@dataclass
class FakeProvider:
    """Takes every way; `broken` names the ways that fail, and how."""

    broken: dict[str, type[Exception]] = field(default_factory=dict)
    seconds: float = 0.0
    taken: list[tuple[str, str, str, object]] = field(default_factory=list)

    def send(self, key: str, to_e164: str, text: str) -> Receipt:
        return self._take("sms", key, to_e164, text)

    def call(self, key: str, to_e164: str, script: VoiceScript) -> Receipt:
        return self._take("voice", key, to_e164, script)

    def push(self, key: str, address: str, text: str) -> Receipt:
        return self._take("push", key, address, text)

    def _take(self, way: str, key: str, to: str, words: object) -> Receipt:
        time.sleep(self.seconds)
        self.taken.append((way, key, to, words))
        if way in self.broken:
            raise self.broken[way]
        return Receipt("fake", key)

    def ways(self) -> list[str]:
        return [each[0] for each in self.taken]

    def keys(self) -> list[str]:
        return [each[1] for each in self.taken]


def gateways(provider: FakeProvider) -> Gateways:
    """The provider behind every way but mail."""
    return Gateways(sms=provider, voice=provider, push=provider, public_url=PUBLIC_URL)


def make_page(person_id: int, **fields) -> Outgoing:
    """A page to somebody on duty."""
    fields.setdefault("channels", ("sms", "voice"))
    fields.setdefault("params", {"token": "abc-DEF_123", "slip": "4821"})
    return Outgoing("page", "page", person_id=person_id, urgent=True, **fields)


def make_inbound(at, **fields) -> Inbound:
    """Something that came in from a stranger."""
    fields.setdefault("provider", "fake")
    fields.setdefault("provider_id", f"in-{next(_provider_ids)}")
    fields.setdefault("channel", "sms")
    fields.setdefault("from_number", "+915442900234")
    fields.setdefault("to_number", "+915000000000")
    fields.setdefault("body", "help Devanahalli bus stand")
    return Inbound(at=at, **fields)
