"""The sending loop of one way: claim what is due, knock at the gateway, write down what came of it.

Invariant: two commits stand around every knock, so that whoever is killed between them leaves a
lease that ends; a key is knocked with once; a lease that ends, or a knock that fails, makes the
next attempt, by another way if she has one and under a key of its own. Content never leaves this
module but through the gateway.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import desc, select, update

from union.gateways.fanout import call_all
from union.gateways.port import GatewayRefusedError, Gateways, Receipt, VoiceScript
from union.kernel.actor import Actor
from union.kernel.errors import UnionError
from union.messages.models import Attempt, Message
from union.messages.queries import NOBODY, reach_of
from union.messages.rules import texts
from union.messages.rules.attempts import CALL_SECONDS, LEASE
from union.messages.rules.reach import Channel, Purpose, Reach, Verdict, decide
from union.messages.services.outgoing import (
    NUMBER_FIELD,
    PARAMS_FIELD,
    close,
    end_attempt,
    fail_attempt,
)

if TYPE_CHECKING:
    from union.infra.work import UnitOfWork, Work

SENDER = Actor.system("sender")
LIMIT = 50
LIVE = frozenset({"waiting", "handed_over"})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Knock:
    """One call to make at a gateway, complete: nothing more is looked up outside a transaction."""

    attempt_id: int
    key: str
    channel: str
    address: str = field(repr=False)
    text: str = field(repr=False)
    script: VoiceScript | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a knock: a receipt, or a code."""

    attempt_id: int
    receipt: Receipt | None = None
    code: str | None = None


def send_due(
    unit: UnitOfWork,
    gateways: Gateways,
    channel: str,
    limit: int = LIMIT,
    seconds: float = CALL_SECONDS,
) -> int:
    """Send what is due on one way, urgent first, `limit` at most; say how many knocks were made.

    `seconds` bounds all the calls together and must be shorter than the lease.
    """
    with unit.begin(SENDER) as work:
        knocks = claim_due(work, channel, gateways.public_url, limit)
    if not knocks:
        return 0
    answers = call_all(knocks, _knocker(gateways, channel), seconds)
    results = [_result(knock, answer) for knock, answer in zip(knocks, answers, strict=True)]
    with unit.begin(SENDER) as work:
        record_results(work, results)
    return len(knocks)


def claim_due(work: Work, channel: str, public_url: str, limit: int = LIMIT) -> list[Knock]:
    """Lease what is due and make it ready; what may not go now is put off, withheld or moved on."""
    now = work.clock.now()
    due = (
        select(Attempt.id)
        .where(Attempt.channel == channel, Attempt.state == "due", Attempt.due_at <= now)
        .order_by(desc(Attempt.urgent), Attempt.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = work.session.execute(
        update(Attempt)
        .where(Attempt.id.in_(due.scalar_subquery()), Message.id == Attempt.message_id)
        .values(state="leased", lease_until=now + LEASE)
        .returning(Attempt, Message)
        .execution_options(synchronize_session=False)
    ).all()
    pairs = [(row[0], row[1]) for row in claimed]
    people = [message.person_id for _, message in pairs if message.person_id is not None]
    reaches = reach_of(work, people)
    work.vault.preload({message.key_ref for _, message in pairs})
    knocks = [_ready(work, attempt, message, reaches, public_url) for attempt, message in pairs]
    return [knock for knock in knocks if knock is not None]


def record_results(work: Work, results: Sequence[Result]) -> None:
    """Write down what came of the knocks; one whose lease ended meanwhile stays given up."""
    by_id = {result.attempt_id: result for result in results}
    rows = work.session.execute(
        select(Attempt, Message)
        .join(Message, Message.id == Attempt.message_id)
        .where(Attempt.id.in_(by_id))
        .order_by(Attempt.id)
        .with_for_update()
    )
    for attempt, message in rows.all():
        if attempt.state == "leased":
            _record(work, attempt, message, by_id[attempt.id])


def end_leases(work: Work, limit: int = 200) -> int:
    """Give up what was claimed and never written down; say how many. The next way follows."""
    rows = work.session.execute(
        select(Attempt, Message)
        .join(Message, Message.id == Attempt.message_id)
        .where(Attempt.state == "leased", Attempt.lease_until <= work.clock.now())
        .order_by(Attempt.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for attempt, message in rows:
        fail_attempt(work, attempt, message, "lease_ended")
    return len(rows)


def _ready(
    work: Work,
    attempt: Attempt,
    message: Message,
    reaches: Mapping[int, Reach],
    public_url: str,
) -> Knock | None:
    if message.state not in LIVE:
        end_attempt(work, attempt, "dropped", message.code)
        return None
    try:
        reach = _reach(work, message, reaches)
        if _held_back(work, attempt, message, reach):
            return None
        return _knock(work, attempt, message, reach, public_url)
    except UnionError as error:
        _give_up(work, attempt, message, error.code)
        return None


def _give_up(work: Work, attempt: Attempt, message: Message, code: str) -> None:
    """No other try would end otherwise: her number, or what opens it, is gone."""
    end_attempt(work, attempt, "failed", code)
    close(work, message, "unsent", code)


def _held_back(work: Work, attempt: Attempt, message: Message, reach: Reach) -> bool:
    purpose = Purpose(message.purpose)
    decision = decide(purpose, reach, work.clock.now().astimezone(work.clock.zone))
    if decision.verdict is Verdict.WITHHOLD:
        end_attempt(work, attempt, "dropped", decision.code)
        close(work, message, "withheld", decision.code)
        return True
    if decision.until is not None:
        attempt.state, attempt.lease_until, attempt.due_at = "due", None, decision.until
        return True
    ways = reach.ways_for(purpose, message.channels)
    if not ways:
        _give_up(work, attempt, message, "no_address")
    elif attempt.channel not in ways:
        fail_attempt(work, attempt, message, "no_address")
    return attempt.channel not in ways


def _reach(work: Work, message: Message, reaches: Mapping[int, Reach]) -> Reach:
    if message.person_id is not None:
        return reaches.get(message.person_id, NOBODY)
    if message.to_number is None:
        return NOBODY
    number = work.vault.decrypt(message.key_ref, NUMBER_FIELD, message.ref, message.to_number)
    return Reach(addresses={Channel.SMS.value: number, Channel.VOICE.value: number})


def _knock(work: Work, attempt: Attempt, message: Message, reach: Reach, public_url: str) -> Knock:
    params = json.loads(
        work.vault.decrypt(message.key_ref, PARAMS_FIELD, message.ref, message.params)
    )
    spoken = attempt.channel == Channel.VOICE.value
    language = message.language or texts.choose_language(message.template, reach.languages)
    message.language = language
    return Knock(
        attempt_id=attempt.id,
        key=attempt.key,
        channel=attempt.channel,
        address=reach.addresses[attempt.channel],
        text="" if spoken else texts.words(message.template, language, params, public_url),
        script=texts.script(message.template, language, params) if spoken else None,
    )


def _knocker(gateways: Gateways, channel: str) -> Callable[[Knock], Receipt]:
    def knock_at(knock: Knock) -> Receipt:
        if channel == Channel.SMS.value and gateways.sms is not None:
            return gateways.sms.send(knock.key, knock.address, knock.text)
        if channel == Channel.VOICE.value and gateways.voice is not None and knock.script:
            return gateways.voice.call(knock.key, knock.address, knock.script)
        if channel == Channel.PUSH.value and gateways.push is not None:
            return gateways.push.push(knock.key, knock.address, knock.text)
        if channel == Channel.MAIL.value and gateways.mail is not None:
            return gateways.mail.mail(knock.key, knock.address, knock.text)
        raise GatewayRefusedError

    return knock_at


def _result(knock: Knock, answer: Receipt | Exception) -> Result:
    if isinstance(answer, Receipt):
        return Result(knock.attempt_id, receipt=answer)
    # Only a code of our own is kept: a provider's exception may quote the number.
    code = answer.code if isinstance(answer, UnionError) else "gateway_failed"
    log.warning("attempt_failed", attempt_id=knock.attempt_id, code=code)
    return Result(knock.attempt_id, code=code)


def _record(work: Work, attempt: Attempt, message: Message, result: Result) -> None:
    if result.receipt is None:
        fail_attempt(work, attempt, message, result.code or "gateway_failed")
        return
    attempt.provider, attempt.provider_id = result.receipt.provider, result.receipt.provider_id
    end_attempt(work, attempt, "handed_over")
    if message.state == "waiting":
        close(work, message, "handed_over")


__all__ = [
    "Knock",
    "Result",
    "claim_due",
    "end_leases",
    "record_results",
    "send_due",
]
