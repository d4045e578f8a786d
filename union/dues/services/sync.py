"""What a phone wrote without signal. Invariant: each line is taken once, booked or waiting (M4).

A line is known for ever by its phone and its key. Twice, out of order, from two tabs, or broken
off half way: whoever sends it again is told what stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from union.dues.models import CollectionLine, Collector, RoundDevice, RoundLine
from union.dues.queries.phones import device_of
from union.dues.rules.phone_lines import SentLine, WrittenLine, open_line, read_written
from union.dues.rules.sheets import judge_sheet
from union.dues.rules.verdicts import JudgedLine, Reason, Verdict
from union.dues.services.collectors import hold_collector
from union.dues.services.phones import PRIVATE_KEY
from union.dues.services.taking import known_facts, take_lines
from union.dues.services.telling import tell_receipts
from union.infra import audit
from union.infra.work import Work

MOST_LINES = 500
"""More than a book a day is not a round; the phone sends the rest after."""


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What stands under a line's key: ``booked``, ``waiting`` with its reason, or ``settled``."""

    key: str
    state: str
    reason: str | None
    receipt_no: int | None


@dataclass(frozen=True, slots=True)
class _Opened:
    """A line that came for the first time, opened."""

    key: UUID
    sent: SentLine
    written: WrittenLine
    why: Reason | None


def sync_lines(work: Work, phone_ref: str, sent: Sequence[SentLine]) -> list[LineAnswer]:
    """Take a phone's lines in: each new one is booked or kept with its reason.

    NotFoundError for a phone that is not the present person's. A revoked phone's lines are
    kept, and wait. Lines sent only to be asked after come with nothing sealed.
    """
    device = device_of(work.session, phone_ref, work.actor.person_id)
    collector = work.session.get_one(Collector, device.collector_id)
    hold_collector(work, collector.id)
    work.session.refresh(device)
    asked = {UUID(one.key): one for one in sent[:MOST_LINES]}
    known = _known(work, device, list(asked))
    private = work.vault.decrypt_bytes(device.key_ref, PRIVATE_KEY, device.ref, device.private_key)
    card = collector.card_number or ""
    fresh = [
        _open(device, private, row_no, card, one)
        for row_no, (key, one) in enumerate(asked.items(), start=1)
        if key not in known and one.sealed
    ]
    if fresh:
        _take(work, device, fresh)
    _look_at_changed(work, known, asked)
    stands = _known(work, device, list(asked))
    return [_answer(key, stands[key][1]) for key in asked if key in stands]


def _open(device: RoundDevice, private: bytes, row_no: int, card: str, one: SentLine) -> _Opened:
    key = UUID(one.key)
    content = open_line(private, f"{device.ref}|{key}", one.sealed)
    written = read_written(row_no, card, content)
    why = None
    if content is None:
        why = Reason.LINE_UNREADABLE
    elif written.spoiled:
        why = Reason.RECEIPT_SPOILED
    elif device.revoked_at is not None:
        why = Reason.PHONE_REVOKED
    return _Opened(key, one, written, why)


def _take(work: Work, device: RoundDevice, fresh: Sequence[_Opened]) -> None:
    lines = [one.written.line for one in fresh]
    judged = judge_sheet(lines, known_facts(work, lines)).lines
    held = [_hold(one, opened.why) for one, opened in zip(judged, fresh, strict=True)]
    keys = ",".join(sorted(str(one.key) for one in fresh))
    name = f"phone:{device.ref}:{hashlib.sha256(keys.encode()).hexdigest()}"
    written = take_lines(work, held, name)
    work.session.add_all(
        RoundLine(
            device_id=device.id,
            line_key=one.key,
            line_id=line.id,
            content=_mark(work, one.sent),
            stamped=one.written.stamped,
            written_at=one.written.written_at,
            received_at=work.clock.now(),
        )
        for one, line in zip(fresh, written, strict=True)
    )
    work.session.flush()
    tell_receipts(work, written)


def _hold(one: JudgedLine, why: Reason | None) -> JudgedLine:
    """A line with a reason of its own waits, whatever the sheet's rules would say."""
    if why is None:
        return one
    return replace(one, verdict=Verdict.REFUSED, reason=why)


def _look_at_changed(
    work: Work, known: dict[UUID, tuple[RoundLine, CollectionLine]], asked: dict[UUID, SentLine]
) -> None:
    """The same key with other words never books anything; that it came is written down."""
    for key, (held, _) in known.items():
        sent = asked[key]
        if sent.sealed and held.content != _mark(work, sent):
            audit.log(work, "round_line_changed", object_type="round_line", object_id=held.id)


def _known(
    work: Work, device: RoundDevice, keys: Sequence[UUID]
) -> dict[UUID, tuple[RoundLine, CollectionLine]]:
    rows = work.session.execute(
        select(RoundLine, CollectionLine)
        .join(CollectionLine, CollectionLine.id == RoundLine.line_id)
        .where(RoundLine.device_id == device.id, RoundLine.line_key.in_(keys))
        .execution_options(populate_existing=True)
    )
    return {held.line_key: (held, line) for held, line in rows}


def _answer(key: UUID, line: CollectionLine) -> LineAnswer:
    state = "booked"
    if line.reason is not None:
        state = "waiting" if line.settled_at is None else "settled"
    return LineAnswer(str(key), state, line.reason, line.receipt_no)


def _mark(work: Work, one: SentLine) -> bytes:
    return work.vault.fingerprint("import", one.sealed.hex())
