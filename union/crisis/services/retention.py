"""Letting go of words of incidents that are over; when, where on the grid and how long, stays.

Invariant: nothing goes of an incident that is open, has an open case, lesson or timer, or is held;
what was joined to another goes with that one.
"""

from __future__ import annotations

from union.crisis.rules.retention import INCIDENT_WORDS, NUISANCE, TAKEN_LISTS
from union.infra.retention import Keeping, orders_keys

KEPT: tuple[Keeping, ...] = tuple(
    Keeping(rule, orders_keys(rule.kind)) for rule in (INCIDENT_WORDS, TAKEN_LISTS, NUISANCE)
)
"""Each kind of this domain, and its hand."""
