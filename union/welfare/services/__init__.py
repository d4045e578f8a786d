"""What can be done with schemes and claims; each call keeps the laws or changes nothing."""

from __future__ import annotations

from union.welfare.services.claims import NewClaim, appeal_claim, ask_benefit
from union.welfare.services.decisions import (
    Ruling,
    decide_claim,
    hear_claimant,
    prepare_payment,
)
from union.welfare.services.facts import mark_claim_paid, open_paid_again, take_back_payment
from union.welfare.services.reading import SealedWords, open_sealed_words
from union.welfare.services.schemes import begin_scheme, change_scheme

__all__ = [
    "NewClaim",
    "Ruling",
    "SealedWords",
    "appeal_claim",
    "ask_benefit",
    "begin_scheme",
    "change_scheme",
    "decide_claim",
    "hear_claimant",
    "mark_claim_paid",
    "open_paid_again",
    "open_sealed_words",
    "prepare_payment",
    "take_back_payment",
]
