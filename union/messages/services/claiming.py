"""Claiming what is due on one way: leases it and makes each ready to go, or says why it may not.

Invariant: whether she may be told, and her number, are looked up here and nowhere earlier; content
leaves this module in knocks only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, String, any_, bindparam, desc, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from union.infra.db import Base
from union.kernel.errors import UnionError
from union.messages.models import Attempt, Message
from union.messages.queries import NOBODY, reach_of
from union.messages.rules import texts
from union.messages.rules.attempts import LEASE
from union.messages.rules.reach import Channel, Purpose, Reach, Verdict, decide
from union.messages.services.knocking import Knock
from union.messages.services.outgoing import (
    NUMBER_FIELD,
    PARAMS_FIELD,
    close,
    end_attempt,
    fail_attempt,
)

if TYPE_CHECKING:
    from union.infra.work import Work

Claimed = Row[*tuple[Any, ...]]
"""A claimed attempt with what its message needs to go out; see `_CLAIM`."""

_attempt, _message = Base.metadata.tables["attempt"], Base.metadata.tables["message"]

# Built once, of bare columns: building it and making objects of its rows would take longer than
# the database does, and this stands between every page and its door.
# What is due stands in a common table: a subquery with row locks may be run more than once.
_DUE = (
    select(_attempt.c.id)
    .where(
        _attempt.c.channel == bindparam("way"),
        (func.coalesce(_attempt.c.via, "") == any_(bindparam("names", type_=ARRAY(String))))
        != bindparam("rest"),
        _attempt.c.state == "due",
        _attempt.c.due_at <= bindparam("now"),
    )
    .order_by(desc(_attempt.c.urgent), _attempt.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM = (
    update(_attempt)
    .where(_attempt.c.id == _DUE.c.id, _message.c.id == _attempt.c.message_id)
    .values(state="leased", lease_until=bindparam("until"))
    .returning(
        _attempt.c.id.label("attempt_id"),
        _attempt.c.key,
        _attempt.c.channel,
        _message.c.id.label("message_id"),
        _message.c.ref,
        _message.c.person_id,
        _message.c.key_ref,
        _message.c.to_number,
        _message.c.purpose,
        _message.c.template,
        _message.c.language,
        _message.c.params,
        _message.c.channels,
        _message.c.state,
    )
)


@dataclass(frozen=True, slots=True)
class Providers:
    """Whose attempts are meant: those by one of `names`, or with `rest` all the others.

    What names a provider that is no longer there goes by the first.
    """

    names: Sequence[str] = ()
    rest: bool = True


FIRST = Providers()
AT_A_TIME = 50
LIVE = frozenset({"waiting", "handed_over"})


def claim_due(
    work: Work, channel: str, public_url: str, limit: int = AT_A_TIME, share: Providers = FIRST
) -> list[Knock]:
    """Lease what is due and make it ready; what may not go now is put off, withheld or moved on."""
    now = work.clock.now()
    asked = {"way": channel, "names": list(share.names), "rest": share.rest}
    claimed = work.session.execute(
        _CLAIM, {**asked, "now": now, "until": now + LEASE, "most": limit}
    ).all()
    if not claimed:
        return []
    reaches = reach_of(
        work,
        {row.person_id for row in claimed if row.person_id is not None},
        keys={row.key_ref for row in claimed},
    )
    knocks = [_ready(work, row, reaches, public_url) for row in claimed]
    return [knock for knock in knocks if knock is not None]


def _ready(work: Work, row: Claimed, reaches: Mapping[int, Reach], public_url: str) -> Knock | None:
    if row.state not in LIVE:
        attempt, _ = _rows(work, row)
        end_attempt(work, attempt, "dropped", "not_needed")
        return None
    try:
        reach = _reach(work, row, reaches)
        if _held_back(work, row, reach):
            return None
        return _knock(work, row, reach, public_url)
    except UnionError as error:
        _give_up(work, row, error.code)
        return None


def _rows(work: Work, row: Claimed) -> tuple[Attempt, Message]:
    return (
        work.session.get_one(Attempt, row.attempt_id),
        work.session.get_one(Message, row.message_id),
    )


def _give_up(work: Work, row: Claimed, code: str) -> None:
    """No other try would end otherwise: her number, or what opens it, is gone."""
    attempt, message = _rows(work, row)
    end_attempt(work, attempt, "failed", code)
    close(work, message, "unsent", code)


def _held_back(work: Work, row: Claimed, reach: Reach) -> bool:
    purpose = Purpose(row.purpose)
    decision = decide(purpose, reach, work.clock.now().astimezone(work.clock.zone))
    ways = [way for way in row.channels if reach.may_use(purpose, way)]
    if decision.verdict is Verdict.SEND and row.channel in ways:
        return False
    attempt, message = _rows(work, row)
    if decision.verdict is Verdict.WITHHOLD:
        end_attempt(work, attempt, "dropped", decision.code)
        close(work, message, "withheld", decision.code)
    elif decision.until is not None:
        attempt.state, attempt.lease_until, attempt.due_at = "due", None, decision.until
    elif ways:
        fail_attempt(work, attempt, message, "no_address")
    else:
        _give_up(work, row, "no_address")
    return True


def _reach(work: Work, row: Claimed, reaches: Mapping[int, Reach]) -> Reach:
    if row.person_id is not None:
        return reaches.get(row.person_id, NOBODY)
    number = work.vault.decrypt(row.key_ref, NUMBER_FIELD, row.ref, row.to_number)
    return Reach(addresses={Channel.SMS.value: number, Channel.VOICE.value: number})


def _knock(work: Work, row: Claimed, reach: Reach, public_url: str) -> Knock:
    params = json.loads(work.vault.decrypt(row.key_ref, PARAMS_FIELD, row.ref, row.params))
    spoken = row.channel == Channel.VOICE.value
    language = row.language or texts.choose_language(row.template, reach.languages)
    return Knock(
        attempt_id=row.attempt_id,
        key=row.key,
        channel=row.channel,
        address=reach.addresses[row.channel],
        text="" if spoken else texts.words(row.template, language, params, public_url),
        script=texts.script(row.template, language, params) if spoken else None,
    )
