"""Telephones in memory: a gateway that can reach nobody, and what lies on its telephones."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field

from union.gateways.port import Gateways, Receipt, VoiceScript

PUBLIC_URL = "https://example.invalid"
_LINK = re.compile(re.escape(PUBLIC_URL) + r"/s/(\S+)")


@dataclass(frozen=True, slots=True)
class Arrived:
    """Something that reached a telephone: a text, a notice, or a call with its script."""

    key: str
    way: str
    number: str = field(repr=False)
    text: str = field(default="", repr=False)
    script: VoiceScript | None = field(default=None, repr=False)

    @property
    def token(self) -> str | None:
        """The one-time link in a text."""
        found = _LINK.search(self.text)
        return found[1] if found else None


class Handsets:
    """Takes every way, from any thread; the same key twice arrives once."""

    def __init__(self) -> None:
        """Nothing has arrived yet."""
        self._lock = threading.Lock()
        self._keys: set[str] = set()
        self._new: list[Arrived] = []

    def send(self, key: str, to_e164: str, text: str) -> Receipt:
        """A text arrives."""
        return self._take(Arrived(key, "sms", to_e164, text=text))

    def push(self, key: str, address: str, text: str) -> Receipt:
        """A notice arrives."""
        return self._take(Arrived(key, "push", address, text=text))

    def call(self, key: str, to_e164: str, script: VoiceScript) -> Receipt:
        """A telephone rings."""
        return self._take(Arrived(key, "voice", to_e164, script=script))

    def newly_arrived(self) -> list[Arrived]:
        """What arrived since the last time, by key, so that threads change no order."""
        with self._lock:
            found, self._new = sorted(self._new, key=lambda one: _order(one.key)), []
        return found

    def gateways(self) -> Gateways:
        """These telephones behind every way but mail."""
        return Gateways(sms=self, voice=self, push=self, public_url=PUBLIC_URL)

    def _take(self, arrived: Arrived) -> Receipt:
        with self._lock:
            if arrived.key not in self._keys:
                self._keys.add(arrived.key)
                self._new.append(arrived)
        return Receipt("replay", arrived.key)


def _order(key: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", key))
