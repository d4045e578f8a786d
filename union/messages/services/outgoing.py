"""What is to be told and by which way; nothing here speaks to a gateway.

Invariant: a message that may still go out has exactly one attempt due or leased, and the dead and
the gone have none.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.infra.keystore import KeyGoneError
from union.infra.outbox import record_fact
from union.kernel.ids import new_ref
from union.messages.models import Attempt, Message
from union.messages.queries import quiet_now, setting_out
from union.messages.rules import attempts as attempt_rules
from union.messages.rules import texts
from union.messages.rules.attempts import Lane
from union.messages.rules.reach import (
    Channel,
    Purpose,
    Quiet,
    Reach,
    Verdict,
    channel_of,
    decide,
)

if TYPE_CHECKING:
    from uuid import UUID

    from union.infra.work import Work

OPEN_STATES = ("due", "leased")
PARAMS_FIELD = "message.params"
NUMBER_FIELD = "message.to_number"
RESTORED = "restored"
"""The code of what was to go before a union came back from a backup: it never goes again."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What somebody shall be told.

    Either `person_id` (her number is looked up when it goes) or `to_ref`, a bare E.164 number
    that is encrypted at once: under `key_ref`, where it is the number of somebody we know, so that
    it is gone with her; else under a key of its own. `channels` are ways in her order ("sms",
    "voice", "push"; "app", "call" and "link" are understood). `params` may hold `token` and `slip`
    only. `urgent` is for duty: sent before the rest, tried again in seconds.
    """

    purpose: str
    template: str
    channels: Sequence[str]
    person_id: int | None = None
    to_ref: str | None = field(default=None, repr=False)
    key_ref: UUID | None = None
    params: Mapping[str, str | int] = field(default_factory=dict, repr=False)
    due_at: datetime | None = None
    urgent: bool = False
    language: str | None = None


def send(work: Work, outgoing: Outgoing) -> Message:
    """Set out to tell somebody something; see `send_all`."""
    return send_all(work, [outgoing])[0]


def send_all(work: Work, outgoings: Sequence[Outgoing]) -> list[Message]:
    """Set out to tell many; after the commit the queues of their ways are woken.

    Somebody who may not be told (gone, dead, erased, no consent, no way to her) gets a message in
    state "withheld" with the reason as its code, and no attempt. Whether she may be told is
    asked again when it goes.
    """
    for outgoing in outgoings:
        texts.check(outgoing.template, outgoing.params)
    person_ids = [each.person_id for each in outgoings if each.person_id is not None]
    known = setting_out(work, person_ids)
    messages = [_message(work, each, known.keys) for each in outgoings]
    first_at: list[datetime] = []
    for message, outgoing in zip(messages, outgoings, strict=True):
        reach = None if message.person_id is None else known.reaches.get(message.person_id)
        first_at.append(_settle(work, message, reach or _bare(outgoing), known.quiet))
    work.session.add_all(messages)
    work.session.flush()
    for message, due_at in zip(messages, first_at, strict=True):
        if message.state == "waiting":
            _attempt(work, message, (message.channels[0], None), 1, due_at)
    return messages


def withdraw(work: Work, message_id: int, code: str = "not_needed") -> None:
    """Stop telling her: what has not been handed to a gateway yet never is."""
    message = work.session.get_one(Message, message_id, with_for_update=True)
    if message.state not in {"waiting", "handed_over"}:
        return
    # An attempt that somebody holds is left to her who holds it: waiting here could deadlock,
    # and a claim looks at the message's state before anything goes out.
    waiting = work.session.scalars(
        select(Attempt)
        .where(Attempt.message_id == message_id, Attempt.state == "due")
        .with_for_update(skip_locked=True)
    )
    for attempt in waiting:
        end_attempt(work, attempt, "dropped", code)
    close(work, message, "withdrawn", code)
    work.session.flush()


def try_another_way(work: Work, message_id: int) -> bool:
    """Tell her again by the way tried least; False if nothing is left or a try is under way."""
    message = work.session.get_one(Message, message_id, with_for_update=True)
    if message.state not in {"waiting", "handed_over", "unsent"} or message.code == RESTORED:
        return False
    open_attempts = select(func.count()).where(
        Attempt.message_id == message_id, Attempt.state.in_(OPEN_STATES)
    )
    if work.session.scalar(open_attempts):
        return False
    return add_attempt(work, message, at_once=True)


def add_attempt(work: Work, message: Message, *, at_once: bool = False) -> bool:
    """Add the next attempt of a locked message with none open; False if it had its share."""
    rows = work.session.execute(
        select(Attempt.channel, Attempt.via)
        .where(Attempt.message_id == message.id)
        .order_by(Attempt.number)
    )
    tried: list[Lane] = [(row.channel, row.via) for row in rows]
    ways = attempt_rules.quiet_last(message.channels, quiet_now(work))
    lanes = attempt_rules.lanes(ways, work.further)
    lane = attempt_rules.next_channel(lanes, tried)
    if lane is None or not attempt_rules.may_try_again(len(tried), urgent=message.urgent):
        return False
    wait = attempt_rules.pause(len(tried), len(lanes), urgent=message.urgent)
    now = work.clock.now()
    due_at = now if at_once else now + wait
    _attempt(work, message, lane, len(tried) + 1, max(due_at, message.due_at))
    message.state, message.code, message.closed_at = "waiting", None, None
    work.session.flush()
    return True


def close(work: Work, message: Message, state: str, code: str | None = None) -> None:
    """Nothing more is to be done for now; an unsent message is told to whoever sent it."""
    message.state, message.code, message.closed_at = state, code, work.clock.now()
    if state == "unsent":
        record_fact(work, "message_unsent", message_id=message.id)


def end_attempt(work: Work, attempt: Attempt, state: str, code: str | None = None) -> None:
    """An attempt is over."""
    attempt.state, attempt.code = state, code
    attempt.lease_until, attempt.ended_at = None, work.clock.now()


def fail_attempt(work: Work, attempt: Attempt, message: Message, code: str) -> None:
    """An attempt did not work: the next way is tried, or its sender told that none is left."""
    end_attempt(work, attempt, "failed", code)
    work.session.flush()
    if message.state == "waiting" and not add_attempt(work, message):
        close(work, message, "unsent", code)


def params_of(work: Work, message_id: int) -> Mapping[str, str | int]:
    """What a message was made with; KeyGoneError if whom it was for has been erased."""
    message = work.session.get_one(Message, message_id)
    opened = work.vault.decrypt(message.key_ref, PARAMS_FIELD, message.ref, message.params)
    params: Mapping[str, str | int] = json.loads(opened)
    return params


def queue_of(channel: str, via: str | None = None) -> str:
    """The queue that carries a way's attempts by its first provider, or by another one."""
    return f"send-{channel}" if via is None else f"send-{channel}-{via}"


def _message(work: Work, outgoing: Outgoing, keys: Mapping[int, UUID]) -> Message:
    ref, now = new_ref(), work.clock.now()
    person_id = outgoing.person_id
    own_key = outgoing.key_ref if person_id is None else keys[person_id]
    key_ref = own_key or work.vault.new_key()
    number = None
    if person_id is None and outgoing.to_ref is not None:
        number = work.vault.encrypt(key_ref, NUMBER_FIELD, ref, outgoing.to_ref)
    return Message(
        ref=ref,
        person_id=person_id,
        key_ref=key_ref,
        to_number=number,
        purpose=Purpose(outgoing.purpose).value,
        template=outgoing.template,
        language=outgoing.language,
        params=_sealed(work, key_ref, ref, outgoing.params),
        channels=[channel_of(way).value for way in outgoing.channels],
        urgent=outgoing.urgent,
        state="waiting",
        made_at=now,
        due_at=outgoing.due_at or now,
    )


def _sealed(work: Work, key_ref: UUID, ref: str, params: Mapping[str, str | int]) -> bytes:
    """Nothing for whom an erasure has begun with; the others of one sending are told."""
    try:
        return work.vault.encrypt(key_ref, PARAMS_FIELD, ref, json.dumps(dict(params)))
    except KeyGoneError:
        return b""


def _bare(outgoing: Outgoing) -> Reach:
    if outgoing.to_ref is None:
        return Reach(here=False)
    ways = (Channel.SMS, Channel.VOICE)
    return Reach(addresses={way.value: outgoing.to_ref for way in ways})


def _settle(work: Work, message: Message, reach: Reach, quiet: Collection[Quiet]) -> datetime:
    """Find whether she may be told, how and from when; it is written with the message itself."""
    if not message.params:
        close(work, message, "withheld", "key_gone")
        return message.due_at
    local = max(message.due_at, work.clock.now()).astimezone(work.clock.zone)
    purpose = Purpose(message.purpose)
    decision = decide(purpose, reach, local)
    if decision.verdict is Verdict.WITHHOLD:
        close(work, message, "withheld", decision.code)
        return message.due_at
    message.channels = reach.ways_for(purpose, message.channels, quiet)
    message.language = message.language or texts.choose_language(message.template, reach.languages)
    if not message.channels:
        close(work, message, "withheld", "no_address")
    return decision.until or message.due_at


def _attempt(work: Work, message: Message, lane: Lane, number: int, due_at: datetime) -> None:
    channel, via = lane
    work.session.add(
        Attempt(
            message_id=message.id,
            number=number,
            key=attempt_rules.attempt_key(message.id, number),
            channel=channel,
            via=via,
            urgent=message.urgent,
            state="due",
            made_at=work.clock.now(),
            due_at=due_at,
        )
    )
    if due_at <= work.clock.now():
        work.nudge(queue_of(channel, via))
