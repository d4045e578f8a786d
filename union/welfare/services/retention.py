"""Letting go of words about health; what was decided of a claim, and why in codes, stays.

Invariant: nothing goes of a claim that waits for a hearing, a decision, an appeal or its money.
"""

from __future__ import annotations

from union.infra.retention import Keeping, calls
from union.kernel.keeping import THREE_YEARS, How, Rule

HEALTH_WORDS = Rule("health_words", 1096, "decided", How.FORGET, 1095, 3653, THREE_YEARS)

KEPT: tuple[Keeping, ...] = (Keeping(HEALTH_WORDS, calls("age_out_health_words")),)
"""Each kind of this domain, and its hand."""
