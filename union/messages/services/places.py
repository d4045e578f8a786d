"""Browsers and mailboxes by which a person may be told, added and ended by herself.

Invariant: of one that ended no address is kept; the same browser twice is one row of hers.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from union.gateways.web_push import HANDSET, Device, PushKey, fit_device, new_push_key
from union.infra import audit
from union.infra.people import Person, whose
from union.kernel.errors import NotAllowedError, NotFoundError, UnionError
from union.kernel.ids import new_ref
from union.messages.models import PushKey as PushKeyRow
from union.messages.models import ReachPoint
from union.messages.queries import LABEL_FIELD, PLACE_FIELD
from union.messages.rules.reach import Channel
from union.messages.services.outgoing import Outgoing, send

if TYPE_CHECKING:
    from union.infra.work import Work

KEY_FIELD = "push_key.private"
THE_KEY = 1
MOST_PLACES = 6
TELL_BY = ("sms", "mail", "push", "voice")
LONGEST_ADDRESS = 254


class MailboxUnreadableError(UnionError):
    """What was written is no address of a mailbox."""

    code = "mailbox_unreadable"


class TooManyPlacesError(UnionError):
    """She has as many browsers and mailboxes as one person may have."""

    code = "too_many_places"


@dataclass(frozen=True, slots=True)
class _New:
    """A place to be added: `address` is what is kept, `goes_to` what makes two of them one."""

    channel: Channel
    service: str
    address: str = field(repr=False)
    goes_to: str = field(repr=False)
    label: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A browser or a mailbox of hers as her own page shows it; `shown` is her word for it."""

    ref: str
    channel: str
    service: str
    shown: str
    made_at: datetime


def push_key(work: Work) -> PushKey:
    """The union's own pair for notices, made at the first asking; never changed afterwards."""
    row = work.session.get(PushKeyRow, THE_KEY)
    if row is None:
        _make_push_key(work)
        row = work.session.get_one(PushKeyRow, THE_KEY)
    private = work.vault.decrypt_bytes(row.key_ref, KEY_FIELD, THE_KEY, row.private)
    return PushKey(row.public, private)


def shown_push_key(work: Work) -> str | None:
    """The public half of that pair as a browser wants it; None while nobody asked for it."""
    row = work.session.get(PushKeyRow, THE_KEY)
    return None if row is None else PushKey(row.public, b"").shown


def add_device(work: Work, device: Device, label: str, extra: Collection[str] = ()) -> ReachPoint:
    """The browser she holds may show her notices; one she added before is taken anew.

    `device.ref` is not looked at. DeviceUnfitError for an address of no push service we call.
    """
    service = fit_device(device, extra)
    address = json.dumps([device.endpoint, device.p256dh, device.auth])
    return _add(work, herself(work), _New(Channel.PUSH, service, address, device.endpoint, label))


def add_handset(work: Work, person_id: int, e164: str) -> ReachPoint:
    """In a demonstration: a made-up telephone that stands for a browser of hers."""
    endpoint = f"{HANDSET}{e164}"
    address = json.dumps([endpoint, "", ""])
    return _add(work, person_id, _New(Channel.PUSH, "handset", address, endpoint))


def add_mailbox(work: Work, written: str) -> ReachPoint:
    """She may be told by mail; MailboxUnreadableError for what is no address."""
    _, address = parseaddr(written.strip())
    local, _, domain = address.rpartition("@")
    plain = address.isascii() and address.isprintable() and " " not in address
    alone = address == written.strip()
    if not alone or not local or "." not in domain or not plain or len(address) > LONGEST_ADDRESS:
        raise MailboxUnreadableError
    return _by_herself(work, _New(Channel.MAIL, "mail", address, address))


def end_place(work: Work, ref: str) -> None:
    """One of hers may be used no more; NotFoundError if it is not hers."""
    row = work.session.scalar(
        select(ReachPoint).where(
            ReachPoint.ref == ref,
            ReachPoint.person_id == herself(work),
            ReachPoint.ended_at.is_(None),
        )
    )
    if row is None:
        raise NotFoundError
    tell_of_change(work, row.person_id)
    _end(work, row, "removed")


def end_places_of(work: Work, person_id: int) -> None:
    """None of somebody's browsers and mailboxes is used any more: she holds nothing here."""
    for row in _live(work, whose(work.session, [person_id])[person_id]):
        _end(work, row, "removed")


def forget_gone(work: Work, refs: Collection[str]) -> None:
    """What the push services say is there no more is never tried again."""
    rows = work.session.scalars(
        select(ReachPoint)
        .where(ReachPoint.ref.in_(refs), ReachPoint.ended_at.is_(None))
        .with_for_update(skip_locked=True)
    )
    for row in rows:
        _end(work, row, "gone")


def places_of(work: Work) -> list[PlaceView]:
    """Her own browsers and mailboxes, the first first."""
    rows = _live(work, herself(work))
    key_ref = _key_of(work, rows[0].person_id) if rows else None
    return [
        PlaceView(row.ref, row.channel, row.service, _shown(work, key_ref, row), row.made_at)
        for row in rows
        if key_ref is not None
    ]


def herself(work: Work) -> int:
    """Who acts, as the entry of the register that is kept; NotAllowedError for a machine."""
    person_id = work.actor.person_id
    if person_id is None:
        raise NotAllowedError
    return whose(work.session, [person_id]).get(person_id, person_id)


def tell_of_change(work: Work, person_id: int) -> None:
    """She hears of it by what she had before, her own number first, in case it was not she."""
    send(work, Outgoing("changed", "changed", TELL_BY, person_id=person_id))


def _by_herself(work: Work, new: _New) -> ReachPoint:
    person_id = herself(work)
    tell_of_change(work, person_id)
    return _add(work, person_id, new)


def _make_push_key(work: Work) -> None:
    """Two who ask at once make one: the second's is thrown away."""
    made, key_ref = new_push_key(), work.vault.new_key()
    work.session.execute(
        insert(PushKeyRow)
        .values(
            id=THE_KEY,
            key_ref=key_ref,
            public=made.public,
            private=work.vault.encrypt_bytes(key_ref, KEY_FIELD, THE_KEY, made.private),
            made_at=work.clock.now(),
        )
        .on_conflict_do_nothing()
    )


def _add(work: Work, person_id: int, new: _New) -> ReachPoint:
    work.session.get_one(Person, person_id, with_for_update={"key_share": True})
    key_ref = _key_of(work, person_id)
    live = _live(work, person_id)
    for row in live:
        if row.channel == new.channel and _goes_to(work, key_ref, row) == new.goes_to:
            _end(work, row, "replaced")
    if sum(row.ended_at is None for row in live) >= MOST_PLACES:
        raise TooManyPlacesError
    ref = new_ref()
    row = ReachPoint(
        ref=ref,
        person_id=person_id,
        channel=new.channel.value,
        service=new.service,
        address=work.vault.encrypt(key_ref, PLACE_FIELD, ref, new.address),
        label=work.vault.encrypt(key_ref, LABEL_FIELD, ref, new.label) if new.label else None,
        made_at=work.clock.now(),
    )
    work.session.add(row)
    work.session.flush()
    _log(work, "way_added", row)
    return row


def _end(work: Work, row: ReachPoint, code: str) -> None:
    row.ended_at, row.end_code = work.clock.now(), code
    row.address = row.label = None
    work.session.flush()
    _log(work, f"way_{code}", row)


def _live(work: Work, person_id: int) -> list[ReachPoint]:
    return list(
        work.session.scalars(
            select(ReachPoint)
            .where(ReachPoint.person_id == person_id, ReachPoint.ended_at.is_(None))
            .order_by(ReachPoint.id)
        )
    )


def _key_of(work: Work, person_id: int) -> UUID:
    return work.session.scalars(select(Person.key_ref).where(Person.id == person_id)).one()


def _goes_to(work: Work, key_ref: UUID, row: ReachPoint) -> str:
    opened = work.vault.decrypt(key_ref, PLACE_FIELD, row.ref, row.address or b"")
    return str(json.loads(opened)[0]) if row.channel == Channel.PUSH else opened


def _shown(work: Work, key_ref: UUID, row: ReachPoint) -> str:
    if row.channel == Channel.MAIL:
        return _goes_to(work, key_ref, row)
    return work.vault.decrypt(key_ref, LABEL_FIELD, row.ref, row.label) if row.label else ""


def _log(work: Work, action: str, row: ReachPoint) -> None:
    audit.log(
        work,
        action,
        object_type="reach_point",
        object_id=row.id,
        subject_person_id=row.person_id,
    )
