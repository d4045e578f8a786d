"""What comes in is kept once, before anything is done with it; what it means others decide.

Invariant: one row and one fact for each (provider, provider's id), however often it is told.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from union.gateways.port import Inbound, VoiceScript
from union.infra.outbox import record_fact
from union.kernel.ids import new_ref
from union.kernel.phone import PhoneUnreadableError, read_phone
from union.messages.models import Attempt, InboundMessage

if TYPE_CHECKING:
    from union.infra.work import Work

FROM_FIELD = "inbound_message.from_number"
TO_FIELD = "inbound_message.to_number"
BODY_FIELD = "inbound_message.body"
ANSWER_FIELD = "inbound_message.answer"
PHONE_INDEX = "phone"


@dataclass(frozen=True, slots=True)
class Stored:
    """The row an inbound is kept in, and whether it is new."""

    inbound_id: int
    fresh: bool


def store_inbound(work: Work, inbound: Inbound, *, routed: bool = False) -> Stored:
    """Keep what came in, once; the fact `inbound_stored` tells who must deal with it.

    With `routed` the caller deals with it in this same transaction and no fact is declared.
    """
    known = _find(work, inbound)
    if known is not None:
        return Stored(known, fresh=False)
    made = _insert(work, inbound)
    if made is None:
        return Stored(_found(work, inbound), fresh=False)
    if not routed:
        record_fact(work, "inbound_stored", inbound_id=made)
    return Stored(made, fresh=True)


def read_inbound(work: Work, inbound_id: int) -> Inbound:
    """What came in, opened; numbers in E.164 where they could be read."""
    row = work.session.get_one(InboundMessage, inbound_id)
    opened = work.vault.decrypt
    key = None
    if row.attempt_id is not None:
        key = work.session.scalar(select(Attempt.key).where(Attempt.id == row.attempt_id))
    return Inbound(
        provider=row.provider,
        provider_id=row.provider_id,
        channel=row.channel,
        from_number=opened(row.key_ref, FROM_FIELD, row.ref, row.from_number),
        to_number=opened(row.key_ref, TO_FIELD, row.ref, row.to_number),
        body=opened(row.key_ref, BODY_FIELD, row.ref, row.body),
        at=row.at,
        key=key,
    )


def keep_answer(work: Work, inbound_id: int, script: VoiceScript) -> None:
    """Keep what a call was told upon this, under the key of what came in."""
    row = work.session.get_one(InboundMessage, inbound_id)
    words = json.dumps(asdict(script))
    row.answer = work.vault.encrypt(row.key_ref, ANSWER_FIELD, row.ref, words)


def answer_before(work: Work, inbound_id: int) -> VoiceScript | None:
    """What a call was told when this came in for the first time; None if nobody answered it."""
    row = work.session.get_one(InboundMessage, inbound_id)
    if row.answer is None:
        return None
    return VoiceScript.read(
        json.loads(work.vault.decrypt(row.key_ref, ANSWER_FIELD, row.ref, row.answer))
    )


def asked_last(work: Work, inbound_id: int, *, of_a_line: bool = False) -> str:
    """What the call these keys were pressed in had asked for last (``VoiceScript.ask``).

    Keys belong to the telephone that was rung. What came of a line (``of_a_line``) may come in from
    whichever telephone was put on it, so there the attempt alone names the call.
    """
    pressed = work.session.get(InboundMessage, inbound_id)
    if pressed is None or pressed.attempt_id is None:
        return ""
    one_of_it = InboundMessage.from_index == pressed.from_index
    if of_a_line:
        since = select(Attempt.made_at).where(Attempt.id == pressed.attempt_id).scalar_subquery()
        one_of_it = (InboundMessage.channel == pressed.channel) & (
            InboundMessage.stored_at >= since
        )
    before = work.session.scalar(
        select(InboundMessage.id)
        .where(
            one_of_it,
            InboundMessage.attempt_id == pressed.attempt_id,
            InboundMessage.id < inbound_id,
            InboundMessage.answer.is_not(None),
        )
        .order_by(InboundMessage.id.desc())
        .limit(1)
    )
    script = None if before is None else answer_before(work, before)
    return "" if script is None else script.ask


def call_of(work: Work, keys: Inbound) -> int | None:
    """The call to us in which these keys were pressed; None if they belong to none."""
    return work.session.scalar(
        select(InboundMessage.id).where(
            InboundMessage.provider == keys.provider,
            InboundMessage.provider_id == (keys.key or ""),
            InboundMessage.channel == "call",
        )
    )


def opaque_id(work: Work, *parts: str) -> str:
    """An id for what a provider gives none of its own; it tells nothing of a number in it."""
    return work.vault.fingerprint("inbound", "\n".join(parts)).hex()[:40]


def e164_or_as_told(number: str) -> str:
    """A number in E.164, or as the provider wrote it if it is none (withheld, a short code)."""
    try:
        return read_phone(number).e164
    except PhoneUnreadableError:
        return number.strip()


def _find(work: Work, inbound: Inbound) -> int | None:
    return work.session.scalar(
        select(InboundMessage.id).where(
            InboundMessage.provider == inbound.provider,
            InboundMessage.provider_id == inbound.provider_id,
        )
    )


def _found(work: Work, inbound: Inbound) -> int:
    found = _find(work, inbound)
    if found is None:
        message = "an inbound row vanished between two reads"
        raise LookupError(message)
    return found


def _insert(work: Work, inbound: Inbound) -> int | None:
    key_ref, ref = work.vault.new_key(), new_ref()
    from_number = e164_or_as_told(inbound.from_number)
    to_number = e164_or_as_told(inbound.to_number)
    attempt_id = None
    if inbound.key is not None:
        attempt_id = work.session.scalar(select(Attempt.id).where(Attempt.key == inbound.key))
    return work.session.scalar(
        insert(InboundMessage)
        .values(
            ref=ref,
            provider=inbound.provider,
            provider_id=inbound.provider_id,
            channel=inbound.channel,
            attempt_id=attempt_id,
            key_ref=key_ref,
            from_number=work.vault.encrypt(key_ref, FROM_FIELD, ref, from_number),
            from_index=work.vault.blind_index(PHONE_INDEX, from_number),
            to_number=work.vault.encrypt(key_ref, TO_FIELD, ref, to_number),
            body=work.vault.encrypt(key_ref, BODY_FIELD, ref, inbound.body),
            at=inbound.at,
            stored_at=work.clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["provider", "provider_id"])
        .returning(InboundMessage.id)
    )
