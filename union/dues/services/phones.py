"""A collector's phones and whom she visits. Invariant: a phone is one collector's till revoked."""

from __future__ import annotations

from sqlalchemy import select

from union.dues.errors import CollectorWithoutCardError, PayerUnknownError, PhoneRevokedError
from union.dues.models import Collector, RoundDevice, RoundMember
from union.dues.rules.phone_lines import make_phone_key
from union.dues.services.collectors import collector_for_person, hold_collector
from union.dues.services.holds import free_numbers
from union.infra import audit
from union.infra.work import Work
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref
from union.members.queries import member_by_card

PRIVATE_KEY = "round_device.private_key"


def own_collector(work: Work) -> Collector:
    """The collector the present person is; CollectorWithoutCardError if rounds have no card."""
    if work.actor.person_id is None:
        raise NotAllowedError
    collector = collector_for_person(work, work.actor.person_id)
    if collector.card_number is None:
        raise CollectorWithoutCardError
    return collector


def register_phone(work: Work) -> RoundDevice:
    """Make a phone hers: it seals what it writes to a key that only this machine opens."""
    collector = own_collector(work)
    private, public = make_phone_key()
    ref, key_ref = new_ref(), work.vault.new_key()
    device = RoundDevice(
        ref=ref,
        collector_id=collector.id,
        key_ref=key_ref,
        private_key=work.vault.encrypt_bytes(key_ref, PRIVATE_KEY, ref, private),
        public_key=public,
        made_at=work.clock.now(),
    )
    work.session.add(device)
    work.session.flush()
    _log(work, "round_phone_registered", device, collector)
    return device


def revoke_phone(work: Work, ref: str) -> RoundDevice:
    """A phone is lost or no longer hers: it takes nothing along any more.

    What it wrote and still sends is kept, and waits for somebody to look at it.
    """
    device = work.session.scalar(select(RoundDevice).where(RoundDevice.ref == ref))
    if device is None:
        raise NotFoundError
    hold_collector(work, device.collector_id)
    work.session.refresh(device, with_for_update=True)
    if device.revoked_at is not None:
        raise PhoneRevokedError
    device.revoked_at, device.revoked_by = work.clock.now(), work.actor.person_id
    free_numbers(work, device)
    collector = work.session.get_one(Collector, device.collector_id)
    _log(work, "round_phone_revoked", device, collector)
    return device


def put_on_round(work: Work, collector_id: int, card: str, *, on_round: bool) -> None:
    """Put a member on a collector's round, or take her off it; PayerUnknownError."""
    member = member_by_card(work.session, card)
    if member is None:
        raise PayerUnknownError
    work.session.add(
        RoundMember(
            person_id=member.person_id,
            collector_id=collector_id,
            on_round=on_round,
            made_at=work.clock.now(),
            made_by=work.actor.person_id,
        )
    )
    work.session.flush()


def _log(work: Work, action: str, device: RoundDevice, collector: Collector) -> None:
    audit.log(
        work,
        action,
        object_type="round_device",
        object_id=device.id,
        subject_person_id=collector.person_id,
    )
