"""Rounds on phones: who is on a collector's round, her phones, and what they sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from union.dues.models import (
    CollectionLine,
    Collector,
    Payment,
    RoundDevice,
    RoundLine,
    RoundMember,
)
from union.dues.queries.accounts import account_of, kept_ids, owed_by
from union.dues.queries.holds import held_by, live_holds, next_on
from union.infra.people import one_person
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.kernel.periods import Month
from union.members.queries import MemberView, fee_on, member_views

ON_ROUND_FOR = timedelta(days=200)
"""Who paid her within so many days is on her round, unless somebody else took her over since."""


@dataclass(frozen=True, slots=True)
class RoundPerson:
    """A member on a round; ``due_minor`` is what she owes now, ``fee_minor`` a month's fee."""

    member: MemberView
    due_minor: int
    fee_minor: int
    paid_to: Month | None


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A phone, what it sent, and the numbers it holds ("" if none)."""

    device: RoundDevice
    lines: int
    last_at: datetime | None
    numbers: str


def people_on_round(work: Work, collector_id: int) -> list[MemberView]:
    """Who is on her round, by called name: those whose last cash went to her, and by hand."""
    ids = _ids_on_round(work, collector_id)
    views = member_views(work, ids).values()
    return sorted(
        (one for one in views if one.status == "active"), key=lambda one: (one.called, one.card)
    )


def round_people(work: Work, collector_id: int) -> list[RoundPerson]:
    """As ``people_on_round``, with what each owes."""
    views = people_on_round(work, collector_id)
    owed = owed_by(work.session, [one.person_id for one in views])
    today = work.clock.today()
    return [
        RoundPerson(
            member=one,
            due_minor=owed.get(one.person_id, 0),
            fee_minor=fee_on(work.session, one.person_id, today) or 0,
            paid_to=account_of(work.session, one.person_id).paid_to,
        )
        for one in views
    ]


def package_of(work: Work, device: RoundDevice) -> dict[str, object]:
    """What a phone takes along: never a number to ring, never a legal name.

    Card, called name, what is due, a month's fee; the numbers it holds; what of hers waits.
    """
    session = work.session
    return {
        "phone": device.ref,
        "day": work.clock.today().isoformat(),
        "people": [
            {
                "card": one.member.card,
                "called": one.member.called,
                "due_minor": one.due_minor,
                "fee_minor": one.fee_minor,
            }
            for one in round_people(work, device.collector_id)
        ],
        "books": [[one.first_no, one.last_no] for one in held_by(session, device.id)],
        "next_no": next_on(session, device.id, device.collector_id),
        "waiting": waiting_of(session, device.collector_id),
    }


def waiting_of(session: Session, collector_id: int) -> list[dict[str, object]]:
    """Her lines that somebody must look at, as a phone lists them: number, sum and reason."""
    rows = session.execute(
        select(CollectionLine.receipt_no, CollectionLine.amount_minor, CollectionLine.reason)
        .where(
            CollectionLine.collector_id == collector_id,
            CollectionLine.verdict.in_(("refused", "missing")),
            CollectionLine.settled_at.is_(None),
        )
        .order_by(CollectionLine.receipt_no)
    )
    return [
        {"receipt_no": row.receipt_no, "amount_minor": row.amount_minor, "reason": row.reason}
        for row in rows
    ]


def device_of(session: Session, ref: str, person_id: int | None) -> RoundDevice:
    """A phone of this person's; NotFoundError for anybody else's."""
    device = session.scalar(
        select(RoundDevice)
        .join(Collector, Collector.id == RoundDevice.collector_id)
        .where(RoundDevice.ref == ref, one_person(Collector.person_id) == one_person(person_id))
    )
    if device is None:
        raise NotFoundError
    return device


def devices_of(session: Session, collector_id: int) -> list[DeviceView]:
    """Her phones, the latest first."""
    sent = (
        select(
            RoundLine.device_id,
            func.count().label("lines"),
            func.max(RoundLine.received_at).label("last_at"),
        )
        .group_by(RoundLine.device_id)
        .subquery()
    )
    rows = session.execute(
        select(RoundDevice, sent.c.lines, sent.c.last_at)
        .outerjoin(sent, sent.c.device_id == RoundDevice.id)
        .where(RoundDevice.collector_id == collector_id)
        .order_by(RoundDevice.id.desc())
    )
    held: defaultdict[int, list[str]] = defaultdict(list)
    for one in live_holds(session, collector_id):
        held[one.device_id].append(f"{one.first_no}–{one.last_no}")
    return [
        DeviceView(device, lines or 0, last_at, ", ".join(held[device.id]))
        for device, lines, last_at in rows
    ]


def _ids_on_round(work: Work, collector_id: int) -> set[int]:
    session = work.session
    last = (
        select(Payment.person_id, func.max(Payment.id).label("id"))
        .where(
            Payment.collector_id.is_not(None),
            Payment.happened_on > work.clock.today() - ON_ROUND_FOR,
        )
        .group_by(Payment.person_id)
        .subquery()
    )
    paid = session.scalars(
        select(Payment.person_id)
        .join(last, last.c.id == Payment.id)
        .where(Payment.collector_id == collector_id)
    )
    by_hand = _by_hand(session, collector_id)
    found = set(kept_ids(session, set(paid)).values()) | by_hand[True]
    return found - by_hand[False]


def _by_hand(session: Session, collector_id: int) -> dict[bool, set[int]]:
    rows = session.execute(
        select(RoundMember.person_id, RoundMember.on_round)
        .where(RoundMember.collector_id == collector_id)
        .order_by(RoundMember.id)
    )
    latest: dict[int, bool] = {row.person_id: row.on_round for row in rows}
    return {
        on: _kept(session, [one for one, held in latest.items() if held is on])
        for on in (True, False)
    }


def _kept(session: Session, person_ids: Collection[int]) -> set[int]:
    return set(kept_ids(session, set(person_ids)).values())
