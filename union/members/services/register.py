"""Taking members in, one or a whole book, in a handful of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from union.infra.people import Person, new_people
from union.infra.sealing import LEGAL_NAMES, Circle, SealedField, seal
from union.infra.work import Work
from union.kernel.ids import new_ref
from union.members.models import (
    Card,
    ContactPoint,
    Member,
    MemberFee,
    MemberLanguage,
    Membership,
    ReachRule,
)
from union.members.queries.reach import (
    ASK_FOR,
    BORN,
    CALLED,
    LEGAL_NAME,
    NOMINEE,
    NUMBER,
    PLACE,
    REMARKS,
    WISH,
)
from union.members.services.reach import refresh_shared

UNKNOWN_SINCE = date(1900, 1, 1)
"""From when a fee counts if nobody wrote down since when."""


@dataclass(frozen=True, slots=True)
class NewPhone:
    """A number in E.164, and whether its series is in use."""

    e164: str
    valid: bool = True


@dataclass(frozen=True, slots=True)
class Wish:
    """When and how she may be reached; hours are civil, in the union's zone."""

    asked: bool = True
    channels: tuple[str, ...] = ("call", "sms", "link", "visit")
    not_before: time | None = None
    not_after: time | None = None
    ask_for: str | None = None
    wish: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A legal name sealed before its member existed, with the key and reference for her."""

    key_ref: UUID
    ref: str
    legal_name: bytes


@dataclass(frozen=True, slots=True)
class NewMember:
    """What is known of somebody who is taken in; the fee is per month, in minor units."""

    branch_id: int
    card_number: str | None = None
    called: str | None = None
    legal_name: str | None = None
    category: str | None = None
    born: str | None = None
    joined_on: date | None = None
    joined_precision: str = "day"
    place: str | None = None
    nominee: str | None = None
    remarks: str | None = None
    status: str = "active"
    status_on: date | None = None
    fee_minor: int | None = None
    phones: tuple[NewPhone, ...] = ()
    languages: tuple[str, ...] = ()
    wish: Wish | None = None
    waiting: Waiting | None = None


@dataclass(slots=True)
class _Rows:
    members: list[dict[str, Any]] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)
    memberships: list[dict[str, Any]] = field(default_factory=list)
    fees: list[dict[str, Any]] = field(default_factory=list)
    points: list[dict[str, Any]] = field(default_factory=list)
    languages: list[dict[str, Any]] = field(default_factory=list)
    wishes: list[dict[str, Any]] = field(default_factory=list)


def add_member(work: Work, new: NewMember) -> Member:
    """Take one member in."""
    return work.session.get_one(Member, add_members(work, [new])[0])


def add_members(work: Work, new: Sequence[NewMember]) -> list[int]:
    """Take many members in; their person ids, in the order given.

    Invariant: each has a person, a key of her own, one open membership, and her card finds
    her. A card number somebody has already is refused by the database. A legal name needs the
    circle of legal names to exist (CircleMissingError).
    """
    people = _people(work, new)
    # Held here so that the session has it at hand for each name and does not ask anew.
    circle = work.session.get(Circle, LEGAL_NAMES)
    work.vault.preload([person.key_ref for person in people])
    rows = _Rows()
    for person, one in zip(people, new, strict=True):
        member = _member_row(work, person.id, person.key_ref, one)
        rows.members.append(member)
        _add_plain_rows(work, rows, person.id, one)
        _add_reach_rows(work, rows, member, one)
    for model, values in (
        (Member, rows.members),
        (Card, rows.cards),
        (Membership, rows.memberships),
        (MemberFee, rows.fees),
        (ContactPoint, rows.points),
        (MemberLanguage, rows.languages),
        (ReachRule, rows.wishes),
    ):
        if values:
            work.session.execute(insert(model), values)
    refresh_shared(work, [point["number_index"] for point in rows.points])
    del circle
    return [person.id for person in people]


def _people(work: Work, new: Sequence[NewMember]) -> list[Person]:
    fresh = iter(new_people(work, sum(one.waiting is None for one in new)))
    now = work.clock.now()
    before = _taken_before(work, [one.waiting.key_ref for one in new if one.waiting])
    people = [
        next(fresh)
        if one.waiting is None
        else before.get(one.waiting.key_ref) or Person(key_ref=one.waiting.key_ref, made_at=now)
        for one in new
    ]
    work.session.add_all(people)
    work.session.flush()
    return people


def _taken_before(work: Work, keys: Sequence[UUID]) -> dict[UUID, Person]:
    """Whose row was taken in once and parted again: she is the same person the second time."""
    found = work.session.scalars(select(Person).where(Person.key_ref.in_(keys))) if keys else ()
    return {person.key_ref: person for person in found}


def _member_row(work: Work, person_id: int, key_ref: UUID, new: NewMember) -> dict[str, Any]:
    ref = new.waiting.ref if new.waiting else new_ref()

    def closed(place: str, text: str | None) -> bytes | None:
        return work.vault.encrypt(key_ref, place, ref, text) if text else None

    legal = new.waiting.legal_name if new.waiting else None
    if new.legal_name:
        legal = seal(work, SealedField(LEGAL_NAMES, key_ref, LEGAL_NAME, ref), new.legal_name)
    return {
        "person_id": person_id,
        "ref": ref,
        "key_ref": key_ref,
        "card_number": new.card_number,
        "called": closed(CALLED, new.called),
        "legal_name": legal,
        "category": new.category,
        "born": closed(BORN, new.born),
        "joined_on": new.joined_on,
        "joined_precision": new.joined_precision,
        "place": closed(PLACE, new.place),
        "nominee": closed(NOMINEE, new.nominee),
        "remarks": closed(REMARKS, new.remarks),
        "status": new.status,
        "status_on": new.status_on,
        "made_at": work.clock.now(),
    }


def _add_plain_rows(work: Work, rows: _Rows, person_id: int, new: NewMember) -> None:
    now = work.clock.now()
    rows.memberships.append(
        {
            "person_id": person_id,
            "branch_id": new.branch_id,
            "since_on": new.joined_on,
            "until_on": None,
            "made_at": now,
        }
    )
    if new.card_number:
        rows.cards.append({"number": new.card_number, "person_id": person_id, "made_at": now})
    if new.fee_minor is not None:
        from_on = new.joined_on or UNKNOWN_SINCE
        rows.fees.append({"person_id": person_id, "from_on": from_on, "fee_minor": new.fee_minor})
    rows.languages.extend(
        {"person_id": person_id, "language": language, "rank": rank}
        for rank, language in enumerate(dict.fromkeys(new.languages))
    )


def _add_reach_rows(work: Work, rows: _Rows, member: dict[str, Any], new: NewMember) -> None:
    now = work.clock.now()
    key_ref, person_id = member["key_ref"], member["person_id"]
    for rank, phone in enumerate(new.phones):
        ref = new_ref()
        rows.points.append(
            {
                "ref": ref,
                "person_id": person_id,
                "number": work.vault.encrypt(key_ref, NUMBER, ref, phone.e164),
                "number_index": work.vault.blind_index("phone", phone.e164),
                "valid": phone.valid,
                "shared": False,
                "rank": rank,
                "made_at": now,
                "ended_at": now if new.status == "died" else None,
            }
        )
    if new.wish is None:
        return

    def closed(place: str, text: str | None) -> bytes | None:
        return work.vault.encrypt(key_ref, place, member["ref"], text) if text else None

    rows.wishes.append(
        {
            "person_id": person_id,
            "asked": new.wish.asked,
            "channels": list(new.wish.channels),
            "not_before": new.wish.not_before,
            "not_after": new.wish.not_after,
            "ask_for": closed(ASK_FOR, new.wish.ask_for),
            "wish": closed(WISH, new.wish.wish),
            "changed_at": now,
        }
    )
