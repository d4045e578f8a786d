"""What can be done with cases; each call keeps the laws or changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from union.infra.timers import TimerHandler
from union.legal.services.assigning import (
    go_around_joined,
    hand_back_case,
    leave_cases,
    look_at_case,
    take_case,
)
from union.legal.services.complaints import NewComplaint, keep_out, open_complaint
from union.legal.services.consents import give_consent, withdraw_consent
from union.legal.services.content import CaseContent, SharedContent
from union.legal.services.keepers import add_keeper, keepers
from union.legal.services.opening import NewCase, open_case, open_follow_up
from union.legal.services.reading import read_case, read_share
from union.legal.services.rooms import begin_waits, let_others_in, seal_cases
from union.legal.services.sharing import NewShare, end_share, share_case
from union.legal.services.story import LOOK
from union.legal.services.waiting import ASK, ask_on
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
    "NewComplaint",
    "NewShare",
    "NextStep",
    "SharedContent",
    "add_keeper",
    "add_note",
    "add_party",
    "begin_waits",
    "close_case",
    "end_share",
    "give_consent",
    "go_around_joined",
    "hand_back_case",
    "keep_out",
    "keepers",
    "leave_cases",
    "let_others_in",
    "look_at_case",
    "name_acts",
    "open_case",
    "open_complaint",
    "open_follow_up",
    "read_case",
    "read_share",
    "seal_cases",
    "set_next_step",
    "share_case",
    "take_case",
    "take_out_party",
    "withdraw_consent",
]

TIMERS: Mapping[str, TimerHandler] = {LOOK: look_at_case, ASK: ask_on}
"""Who acts when a timer of each kind of ours is due."""
