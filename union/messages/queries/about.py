"""What a place where somebody is reached, and a trial of it, are to people: whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from union.infra.abouts import owned_by
from union.messages.models import Message, ReachPoint
from union.messages.rules.reach import Purpose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union.infra.abouts import AboutQuery, ViewArgs
    from union.infra.work import Work
    from union.kernel.access import About


def about_place(work: Work, args: ViewArgs) -> About | None:
    """Whose browser or mailbox it is."""
    return owned_by(work, select(ReachPoint.person_id).where(ReachPoint.ref == args["ref"]))


def about_trial(work: Work, args: ViewArgs) -> About | None:
    """Whom a trial was to reach; another message is no trial."""
    trial = Message.purpose == Purpose.TRIAL.value
    return owned_by(work, select(Message.person_id).where(Message.ref == args["ref"], trial))


ABOUTS: Mapping[str, AboutQuery] = {
    "messages.place": about_place,
    "messages.trial": about_trial,
}
