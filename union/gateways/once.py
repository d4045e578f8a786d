"""Keeps one process from handing the same key over twice, for providers that know no such key.

The sender never knocks twice under one key; this holds where that is broken by a mistake. It must
never remember what was said, only under which key.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from union.gateways.port import GatewayRefusedError, GatewayUnreachableError, Receipt

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 5000


@dataclass(slots=True)
class Once:
    """The keys of late, each with its receipt, or None while nobody knows what came of it."""

    _held: OrderedDict[str, Receipt | None] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hand_over(self, key: str, send: Callable[[], Receipt]) -> Receipt:
        """Send, unless it was sent: then the same receipt; GatewayUnreachableError if unknown.

        What the provider refused may be tried again.
        """
        with self._lock:
            if key in self._held:
                known = self._held[key]
                if known is None:
                    raise GatewayUnreachableError
                return known
            self._held[key] = None
            while len(self._held) > MOST:
                self._held.popitem(last=False)
        try:
            receipt = send()
        except GatewayRefusedError:
            with self._lock:
                self._held.pop(key, None)
            raise
        with self._lock:
            self._held[key] = receipt
        return receipt
