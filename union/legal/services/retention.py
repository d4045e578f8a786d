"""Letting go of cases that are closed; that there was one, its kind and its outcome stay.

Invariant: no key of a case goes while it is open, waits for something, or is held.
"""

from __future__ import annotations

from union.infra.retention import Keeping, orders_keys
from union.legal.rules import CLOSED_CASES

KEPT: tuple[Keeping, ...] = (Keeping(CLOSED_CASES, orders_keys(CLOSED_CASES.kind)),)
"""Each kind of this domain, and its hand."""
