"""What can be done with cases; each call keeps the laws or changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from union.infra.timers import TimerHandler
from union.legal.services.assigning import hand_back_case, look_at_case, take_case
from union.legal.services.consents import give_consent, withdraw_consent
from union.legal.services.opening import NewCase, open_case, open_follow_up
from union.legal.services.reading import CaseContent, read_case
from union.legal.services.story import LOOK
from union.legal.services.working import (
    NextStep,
    add_note,
    add_party,
    close_case,
    name_acts,
    set_next_step,
    take_out_party,
)

__all__ = [
    "TIMERS",
    "CaseContent",
    "NewCase",
    "NextStep",
    "add_note",
    "add_party",
    "close_case",
    "give_consent",
    "hand_back_case",
    "look_at_case",
    "name_acts",
    "open_case",
    "open_follow_up",
    "read_case",
    "set_next_step",
    "take_case",
    "take_out_party",
    "withdraw_consent",
]

TIMERS: Mapping[str, TimerHandler] = {LOOK: look_at_case}
"""Who acts when a timer of each kind of ours is due."""
