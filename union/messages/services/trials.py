"""A trial: she has herself rung, to see which way reaches her; and what shows that a person heard.

Invariant: a trial goes to whoever asks for it and to nobody else, and pages nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from union.gateways.port import VoiceScript
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.messages.models import Attempt, Message
from union.messages.queries import reach_of
from union.messages.rules.reach import Channel, Purpose
from union.messages.rules.texts import FAREWELL
from union.messages.services.calls import Pressed
from union.messages.services.outgoing import Outgoing, send_all
from union.messages.services.places import herself

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN_FOR = timedelta(hours=12)
MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Trial:
    """One way tried: how far it came, and whether she said that it reached her."""

    ref: str
    way: str
    state: str
    code: str | None
    made_at: datetime
    handed_at: datetime | None
    heard_at: datetime | None


def ring_me(work: Work, ways: Sequence[str]) -> list[Message]:
    """Try each of these ways to herself, at once and each by itself; ways she has not are left."""
    person_id = herself(work)
    has = reach_of(work, [person_id])[person_id].addresses
    wanted = [way for way in ways if way in has] or list(ways)[:1]
    return send_all(
        work,
        [
            Outgoing("trial", "trial", (way,), person_id=person_id, urgent=True)
            for way in dict.fromkeys(wanted)
        ],
    )


def heard_trial(work: Work, ref: str) -> None:
    """She says that a trial of hers reached her; NotFoundError if it is none of hers."""
    message = work.session.scalar(
        select(Message).where(
            Message.ref == ref,
            Message.person_id == herself(work),
            Message.purpose == Purpose.TRIAL.value,
        )
    )
    if message is None:
        raise NotFoundError
    heard_back(work, message.id)


def heard_back(work: Work, message_id: int | None) -> None:
    """Somebody answered a message; the first time counts. Without an id nothing is written."""
    work.session.execute(
        update(Message)
        .where(Message.id == message_id, Message.heard_at.is_(None))
        .values(heard_at=work.clock.now())
        .execution_options(synchronize_session=False)
    )


def pressed_in_trial(work: Work, pressed: Pressed) -> VoiceScript:
    """Any key in the call of a trial says that it rang; nothing else hangs on it."""
    heard_back(work, pressed.message_id)
    return VoiceScript(say=(FAREWELL[pressed.language],), language=pressed.language)


def trials_of(work: Work) -> list[Trial]:
    """Her trials of these hours, the newest first."""
    hers = (
        Message.person_id == herself(work),
        Message.purpose == Purpose.TRIAL.value,
        Message.made_at >= work.clock.now() - SHOWN_FOR,
    )
    last = (
        select(func.max(Attempt.id))
        .where(Attempt.message_id == Message.id)
        .correlate(Message)
        .scalar_subquery()
    )
    rows = work.session.execute(
        select(Message, Attempt.ended_at, Attempt.state, Attempt.code)
        .outerjoin(Attempt, Attempt.id == last)
        .where(*hers)
        .order_by(Message.id.desc())
        .limit(MOST_SHOWN)
    ).all()
    return [_trial(*row) for row in rows]


def ways_of(work: Work) -> Mapping[str, str]:
    """The ways to her at present and where each leads, without the keys of browsers."""
    person_id = herself(work)
    addresses = reach_of(work, [person_id])[person_id].addresses
    return {way: "" if way == Channel.PUSH else to for way, to in addresses.items()}


def _trial(
    message: Message, ended_at: datetime | None, state: str | None, code: str | None
) -> Trial:
    way = message.channels[0] if message.channels else ""
    return Trial(
        ref=message.ref,
        way=way,
        state=message.state,
        code=code or message.code,
        made_at=message.made_at,
        handed_at=ended_at if state == "handed_over" else None,
        heard_at=message.heard_at,
    )
