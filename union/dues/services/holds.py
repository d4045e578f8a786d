"""Numbers a phone takes along. Invariant: no number is on two phones of one collector at a time.

A phone without signal cannot ask what another wrote, so each takes white receipts of its own: a
whole book, or two if the first is nearly full. They are free again when it has sent all it wrote
and put its book down, or is taken off.
"""

from __future__ import annotations

from sqlalchemy import select

from union.dues.errors import BookOnOtherPhoneError, PhoneRevokedError
from union.dues.models import RoundDevice, RoundHold
from union.dues.queries.holds import live_holds, white_of
from union.dues.queries.phones import device_of
from union.dues.rules.books import to_take_along
from union.dues.services.collectors import hold_collector
from union.infra import audit
from union.infra.work import Work


def take_along(work: Work, phone_ref: str) -> RoundDevice:
    """Let a phone take white receipts along, besides what it has; safe to repeat.

    NotFoundError for a phone that is not the present person's, PhoneRevokedError for one taken
    off. BookOnOtherPhoneError if all her white receipts are on another phone; with no white
    receipt at all the phone takes only the list along.
    """
    device = device_of(work.session, phone_ref, work.actor.person_id)
    hold_collector(work, device.collector_id)
    work.session.refresh(device)
    if device.revoked_at is not None:
        raise PhoneRevokedError
    holds = live_holds(work.session, device.collector_id)
    white = white_of(work.session, device.collector_id)
    mine = [one.numbers for one in holds if one.device_id == device.id]
    others = [one.numbers for one in holds if one.device_id != device.id]
    fresh = to_take_along(white, mine, others)
    if white and not mine and not fresh:
        raise BookOnOtherPhoneError(since=holds[0].taken_at.isoformat())
    now = work.clock.now()
    work.session.add_all(
        RoundHold(
            device_id=device.id,
            collector_id=device.collector_id,
            first_no=one.start,
            last_no=one.stop - 1,
            taken_at=now,
        )
        for one in fresh
    )
    work.session.flush()
    audit.log(work, "round_taken_along", object_type="round_device", object_id=device.id)
    return device


def put_down(work: Work, phone_ref: str) -> RoundDevice:
    """A phone has sent all it wrote and put its book down: its numbers are free. Safe to repeat."""
    device = device_of(work.session, phone_ref, work.actor.person_id)
    hold_collector(work, device.collector_id)
    free_numbers(work, device)
    return device


def free_numbers(work: Work, device: RoundDevice) -> None:
    """End what a phone holds; the caller has the collector's lock."""
    query = select(RoundHold).where(RoundHold.device_id == device.id, RoundHold.left_at.is_(None))
    for one in work.session.scalars(query):
        one.left_at = work.clock.now()
    work.session.flush()
