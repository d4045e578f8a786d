"""How people may be reached, read whole for many at once; it writes nothing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Row, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from union.gateways.web_push import Device, pack
from union.infra.keystore import KeyGoneError
from union.infra.people import Person
from union.infra.work import Work
from union.members.models import ContactPoint, Member, MemberLanguage, ReachRule
from union.members.queries.reach import NUMBER
from union.messages.models import QuietSpell, ReachPoint, WayOrder
from union.messages.rules.reach import ALSO_CALLED, DUES_TOPIC, Channel, Quiet, Reach, series_of

RegisterRow = Row[*tuple[Any, ...]]

_asked, _kept, _entry = (Member.__table__.alias(name) for name in ("asked", "kept", "entry"))
_point, _rule = ContactPoint.__table__, ReachRule.__table__
_spoken = MemberLanguage.__table__
_place = ReachPoint.__table__
_duty, _ordinary = (WayOrder.__table__.alias(name) for name in ("duty", "ordinary"))

# Built once, of bare columns: it stands between every page and its door. Whom it is about stands
# in a question of its own, so that PostgreSQL, which cannot weigh that, keeps one plan for anybody
# and does not plan it anew each time.
_THESE = func.array(
    select(func.unnest(bindparam("person_ids", type_=ARRAY(BigInteger)))).scalar_subquery(),
    type_=ARRAY(BigInteger),
)
_REGISTER = (
    select(
        _asked.c.person_id.label("asked_for"),
        _kept.c.status,
        _entry.c.key_ref,
        _point.c.ref,
        _point.c.number,
        _rule.c.asked.label("rule_asked"),
        _rule.c.channels.label("rule_channels"),
        _rule.c.not_before,
        _rule.c.not_after,
        func.array(
            select(_spoken.c.language)
            .where(_spoken.c.person_id == _kept.c.person_id)
            .order_by(_spoken.c.rank, _spoken.c.id)
            .scalar_subquery()
        ).label("languages"),
        func.array(
            select(
                func.concat_ws(
                    " ",
                    _place.c.ref,
                    _place.c.channel,
                    _place.c.service,
                    func.encode(_place.c.address, "hex"),
                )
            )
            .where(_place.c.person_id == _entry.c.person_id, _place.c.ended_at.is_(None))
            .order_by(_place.c.id)
            .scalar_subquery()
        ).label("places"),
        _rule.c.changed_at,
        _duty.c.ways.label("duty"),
        _ordinary.c.ways.label("ordinary"),
        _ordinary.c.said_at,
    )
    .join(_kept, _kept.c.person_id == func.coalesce(_asked.c.merged_into, _asked.c.person_id))
    .join(
        _entry,
        or_(_entry.c.person_id == _kept.c.person_id, _entry.c.merged_into == _kept.c.person_id),
    )
    .outerjoin(_rule, _rule.c.person_id == _kept.c.person_id)
    .outerjoin(_duty, (_duty.c.person_id == _kept.c.person_id) & (_duty.c.sort == "duty"))
    .outerjoin(
        _ordinary,
        (_ordinary.c.person_id == _kept.c.person_id) & (_ordinary.c.sort == "ordinary"),
    )
    .outerjoin(_point, (_point.c.person_id == _entry.c.person_id) & _point.c.ended_at.is_(None))
    .where(_asked.c.person_id == any_(_THESE))
    .order_by(_entry.c.person_id != _asked.c.person_id, _point.c.rank, _point.c.id)
)

_quiet = QuietSpell.__table__

# The same for whoever sets out to tell them: with their own keys, and the ways that are quiet now.
_SETTING_OUT = _REGISTER.add_columns(
    _asked.c.key_ref.label("own_key"),
    func.array(
        select(func.concat_ws(" ", _quiet.c.channel, _quiet.c.part))
        .where(_quiet.c.back_at.is_(None))
        .scalar_subquery()
    ).label("quiet"),
)

NOBODY = Reach(here=False)
_WISHED_WAYS = {"sms": Channel.SMS, **ALSO_CALLED}


PLACE_FIELD = "reach_point.address"
LABEL_FIELD = "reach_point.label"


@dataclass(frozen=True, slots=True)
class Place:
    """A browser or a mailbox of hers, opened; `service` is whose push service it is, or "mail"."""

    ref: str
    channel: str
    service: str
    address: str = field(repr=False)


def reach_of(
    work: Work, person_ids: Collection[int], keys: Collection[UUID] = ()
) -> Mapping[int, Reach]:
    """How each person may be reached, in one query for any number of people.

    Numbers of entries merged into hers count as hers. Who is not in the register, has left or
    died, or whose key is gone has `here` False or no address. `keys` are opened along.
    """
    rows = _register_rows(work, person_ids) if person_ids else ()
    work.vault.preload({*keys, *(row.key_ref for row in rows if row.number or row.places)})
    return _reaches(work, person_ids, rows)


@dataclass(frozen=True, slots=True)
class SettingOut:
    """What whoever tells people must know: how each is reached, her own key, what is quiet."""

    reaches: Mapping[int, Reach]
    keys: Mapping[int, UUID]
    quiet: frozenset[Quiet]


def setting_out(work: Work, person_ids: Collection[int]) -> SettingOut:
    """As ``reach_of``, with everybody's own key, opened along, and the ways that are quiet now."""
    rows: Sequence[RegisterRow] = ()
    if person_ids:
        rows = work.session.execute(_SETTING_OUT, {"person_ids": list(person_ids)}).all()
    keys = {row.asked_for: row.own_key for row in rows}
    missing = [one for one in person_ids if one not in keys]
    if missing:
        keys |= _keys_of(work, missing)
    work.vault.preload({*keys.values(), *(row.key_ref for row in rows if row.number or row.places)})
    quiet = _quiet_of(rows[0]) if rows else quiet_now(work)
    return SettingOut(_reaches(work, person_ids, rows), keys, quiet)


def quiet_now(work: Work) -> frozenset[Quiet]:
    """The ways through which nothing seems to come at present, and which part of each."""
    rows = work.session.execute(
        select(QuietSpell.channel, QuietSpell.part).where(QuietSpell.back_at.is_(None))
    )
    return frozenset((row.channel, row.part) for row in rows)


def _register_rows(work: Work, person_ids: Collection[int]) -> Sequence[RegisterRow]:
    return work.session.execute(_REGISTER, {"person_ids": list(person_ids)}).all()


def _reaches(
    work: Work, person_ids: Collection[int], rows: Sequence[RegisterRow]
) -> Mapping[int, Reach]:
    by_person: defaultdict[int, list[RegisterRow]] = defaultdict(list)
    for row in rows:
        by_person[row.asked_for].append(row)
    found = {person_id: _reach(work, own) for person_id, own in by_person.items()}
    return {person_id: found.get(person_id, NOBODY) for person_id in person_ids}


def _quiet_of(row: RegisterRow) -> frozenset[Quiet]:
    return frozenset((way, part) for way, _, part in (one.partition(" ") for one in row.quiet))


def _keys_of(work: Work, person_ids: Collection[int]) -> dict[int, UUID]:
    rows = work.session.execute(select(Person.id, Person.key_ref).where(Person.id.in_(person_ids)))
    return {row.id: row.key_ref for row in rows}


def _reach(work: Work, rows: Sequence[RegisterRow]) -> Reach:
    first = rows[0]
    if first.status != "active":
        return NOBODY
    addresses, part = _addresses(work, rows)
    named = _newer_order(first)
    wished = {_WISHED_WAYS[way] for way in first.rule_channels or () if way in _WISHED_WAYS}
    agreed = bool(named) if named is not None else bool(first.rule_asked and wished)
    begins: time | None = first.not_before
    ends: time | None = first.not_after
    return Reach(
        addresses=addresses,
        topics=frozenset({DUES_TOPIC}) if agreed else frozenset(),
        wished=frozenset(way.value for way in wished),
        languages=tuple(first.languages),
        hours_from=begins,
        hours_until=ends,
        duty=None if first.duty is None else tuple(first.duty),
        ordinary=named,
        part=part,
    )


def _newer_order(row: RegisterRow) -> tuple[str, ...] | None:
    """Her order for ordinary words, unless the register heard another wish of hers since."""
    if row.ordinary is None:
        return None
    since = row.rule_asked and row.changed_at > row.said_at
    return None if since else tuple(row.ordinary)


def _addresses(work: Work, rows: Sequence[RegisterRow]) -> tuple[dict[str, str], dict[str, str]]:
    """Where each way leads, and which part of the way that is: a number series, a browser's."""
    addresses: dict[str, str] = {}
    part: dict[str, str] = {}
    number = _first_number(work, rows)
    if number is not None:
        for way in (Channel.SMS, Channel.VOICE):
            addresses[way.value], part[way.value] = number, series_of(number)
    devices, services, mailbox = [], set(), None
    for place in _places(work, rows):
        if place.channel == Channel.MAIL:
            mailbox = mailbox or place.address
        else:
            devices.append(Device(place.ref, *json.loads(place.address)))
            services.add(place.service)
    if devices:
        addresses[Channel.PUSH.value] = pack(devices)
        part[Channel.PUSH.value] = services.pop() if len(services) == 1 else ""
    if mailbox is not None:
        addresses[Channel.MAIL.value] = mailbox
    return addresses, part


def _places(work: Work, rows: Sequence[RegisterRow]) -> list[Place]:
    found: dict[str, Place] = {}
    for row in rows:
        for written in row.places:
            ref, channel, service, sealed = written.split(" ")
            try:
                address = work.vault.decrypt(row.key_ref, PLACE_FIELD, ref, bytes.fromhex(sealed))
            except KeyGoneError:
                continue
            found.setdefault(ref, Place(ref, channel, service, address))
    return list(found.values())


def _first_number(work: Work, rows: Sequence[RegisterRow]) -> str | None:
    for row in rows:
        if row.number is None:
            continue
        try:
            return work.vault.decrypt(row.key_ref, NUMBER, row.ref, row.number)
        except KeyGoneError:
            continue
    return None
