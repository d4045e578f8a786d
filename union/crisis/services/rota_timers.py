"""What the rota does by itself. Invariant: run twice, a morning's look does its work once."""

from __future__ import annotations

from collections.abc import Mapping

from union.crisis.services.drills import (
    OTHER_WAY,
    SEND,
    SILENCE,
    on_other_way,
    on_send,
    on_silence,
    plan_drills,
)
from union.crisis.services.figures import begin_telling
from union.crisis.services.holes import LOOK, look_next_morning, look_over, one_at_a_time
from union.crisis.services.training import announce_ends
from union.infra.timers import Timer, TimerHandler, take_timer
from union.infra.work import Work


def on_look(work: Work, timer: Timer) -> None:
    """Every morning: the days ahead, certificates that end, this month's drills, its figures."""
    one_at_a_time(work)
    if not take_timer(work, timer):
        return
    look_next_morning(work)
    look_over(work)
    announce_ends(work)
    plan_drills(work)
    begin_telling(work)


TIMERS: Mapping[str, TimerHandler] = {
    LOOK: on_look,
    SEND: on_send,
    OTHER_WAY: on_other_way,
    SILENCE: on_silence,
}
"""Who acts when a timer of the rota is due."""
