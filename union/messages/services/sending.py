"""The sending loop of one way: claim what is due, knock at the gateway, write down what came of it.

Invariant: two commits stand around every knock, so that whoever is killed between them leaves a
lease that ends; a key is knocked with once; a lease that ends, or a knock that fails, makes the
next attempt, by another way if she has one and under a key of its own. Content never leaves this
module but through the gateway.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, DateTime, Select, String, bindparam, column, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from union.gateways.fanout import Calls
from union.gateways.port import Gateways, Receipt
from union.infra.db import Base
from union.kernel.actor import Actor
from union.messages.models import Attempt, Message
from union.messages.rules.attempts import CALL_SECONDS
from union.messages.services.claiming import AT_A_TIME, Providers, claim_due
from union.messages.services.knocking import Knock, Result, knocker, result_of
from union.messages.services.outgoing import (
    close,
    end_attempt,
    fail_attempt,
)
from union.messages.services.places import forget_gone

if TYPE_CHECKING:
    from union.infra.work import UnitOfWork, Work

_attempt, _message = Base.metadata.tables["attempt"], Base.metadata.tables["message"]

# Most pages end here: what was taken is written down in one statement, however many they are.
_told = (
    func.unnest(
        bindparam("ids", type_=ARRAY(BigInteger)),
        bindparam("providers", type_=ARRAY(String)),
        bindparam("provider_ids", type_=ARRAY(String)),
    )
    .table_valued(column("id", BigInteger), column("provider", String), column("there", String))
    .render_derived("told")
)
_TAKEN = (
    select(_attempt.c.id, _attempt.c.message_id, _told.c.provider, _told.c.there)
    .join(_told, _told.c.id == _attempt.c.id)
    .join(_message, _message.c.id == _attempt.c.message_id)
    .where(_attempt.c.state == "leased")
    .order_by(_attempt.c.id)
    .with_for_update(skip_locked=True, of=(_attempt, _message))
    .cte("taken")
)
_now = bindparam("now", type_=DateTime(timezone=True))
_CLOSED = (
    update(_message)
    .where(_message.c.id == _TAKEN.c.message_id, _message.c.state == "waiting")
    .values(state="handed_over", code=None, closed_at=_now)
    .returning(_message.c.id)
    .cte("closed")
)
_HAND_OVER = (
    update(_attempt)
    .where(_attempt.c.id == _TAKEN.c.id)
    .values(
        state="handed_over",
        code=None,
        lease_until=None,
        ended_at=_now,
        provider=_TAKEN.c.provider,
        provider_id=_TAKEN.c.there,
    )
    .returning(_attempt.c.id)
    .add_cte(_CLOSED)
)

SENDER = Actor.system("sender")
LIMIT = 1000
LOOK_AGAIN_S = 0.05
"""How soon what has become due meanwhile is claimed, while calls are out."""

TURN_SECONDS = 20.0
"""After this nothing more is claimed in one turn: what is left is found again by the ticker."""


def send_due(
    unit: UnitOfWork,
    gateways: Gateways,
    channel: str,
    limit: int = LIMIT,
    seconds: float = CALL_SECONDS,
    via: str | None = None,
) -> int:
    """Send what is due on one way, urgent first, `limit` at most; say how many knocks were made.

    While the gateway thinks about some, what has become due since goes out. `via` names one of
    the further providers; without it the first one's share is sent. `seconds` bounds each call
    and must be shorter than the lease.
    """
    further = gateways.further_ways().get(channel, ())
    share = Providers(further) if via is None else Providers((via,), rest=False)
    calls = Calls(knocker(gateways.by(via), channel), seconds)
    sent, ends = 0, time.monotonic() + TURN_SECONDS
    while True:
        most = min(AT_A_TIME, calls.room, limit - sent)
        if most and time.monotonic() < ends:
            with unit.begin(SENDER) as work:
                knocks = claim_due(work, channel, gateways.public_url, most, share)
            calls.begin(knocks)
            sent += len(knocks)
        if calls.all_in:
            return sent
        _write_down(unit, calls.answered(LOOK_AGAIN_S))


def _write_down(unit: UnitOfWork, answered: Sequence[tuple[Knock, Receipt | Exception]]) -> None:
    if not answered:
        return
    results = [result_of(knock, answer) for knock, answer in answered]
    with unit.begin(SENDER) as work:
        held = record_results(work, results)
    for result in held:
        with unit.begin(SENDER) as work:
            record_result(work, result)


def record_results(work: Work, results: Sequence[Result]) -> list[Result]:
    """Write down what came of the knocks, but for those somebody else holds, which are returned.

    Many rows are locked here, so it must wait for none: somebody who withdraws the same messages
    in another order would make a deadlock of it. One whose lease ended stays given up.
    """
    by_id = {result.attempt_id: result for result in results}
    for done in _hand_over(work, [one for one in results if one.receipt and not one.gone]):
        del by_id[done]
    if not by_id:
        return []
    rows = work.session.execute(
        _attempts_with_messages(list(by_id)).with_for_update(skip_locked=True)
    ).all()
    for attempt, message in rows:
        _record(work, attempt, message, by_id.pop(attempt.id))
    return list(by_id.values())


def _hand_over(work: Work, taken: Sequence[Result]) -> Sequence[int]:
    """Write down together what a gateway simply took, and say which; the others are left."""
    receipts = [one.receipt for one in taken if one.receipt]
    if not receipts:
        return ()
    told = {
        "ids": [one.attempt_id for one in taken],
        "providers": [one.provider for one in receipts],
        "provider_ids": [one.provider_id for one in receipts],
        "now": work.clock.now(),
    }
    return work.session.scalars(_HAND_OVER, told).all()


def record_result(work: Work, result: Result) -> None:
    """Write down one, waiting for whoever holds it; nothing else may be locked in this work."""
    attempt, message = work.session.execute(
        _attempts_with_messages([result.attempt_id]).with_for_update()
    ).one()
    _record(work, attempt, message, result)


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


def _attempts_with_messages(attempt_ids: Sequence[int]) -> Select[Attempt, Message]:
    return (
        select(Attempt, Message)
        .join(Message, Message.id == Attempt.message_id)
        .where(Attempt.id.in_(attempt_ids))
        .order_by(Attempt.id)
        .execution_options(populate_existing=True)
    )


def _record(work: Work, attempt: Attempt, message: Message, result: Result) -> None:
    if result.gone:
        forget_gone(work, result.gone)
    if attempt.state != "leased":
        return
    if result.receipt is None:
        fail_attempt(work, attempt, message, result.code or "gateway_failed")
        return
    attempt.provider, attempt.provider_id = result.receipt.provider, result.receipt.provider_id
    end_attempt(work, attempt, "handed_over")
    if message.state == "waiting":
        close(work, message, "handed_over")
