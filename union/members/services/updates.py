"""Taking over what a book changes about a member, so that it can be put back."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from union.infra.sealing import LEGAL_NAMES, SealedField, seal
from union.infra.work import Work
from union.members.models import ContactPoint, Member, MemberFee, Membership
from union.members.models.reach import ReachRule
from union.members.queries.people import branch_by_name
from union.members.queries.reach import LEGAL_NAME, languages
from union.members.rules.reading import RowReading
from union.members.rules.updates import TEXTS, Present, Update, fee_from
from union.members.services.changes import FieldChange, agree_fee, change_member, transfer_member
from union.members.services.reach import (
    WishChange,
    add_phone,
    change_wish,
    end_all_phones,
    refresh_shared,
    set_languages,
)


def apply_update(work: Work, person_id: int, row: RowReading, change: Update, now: Present) -> str:
    """Take the fields of an update over; how to put each back, as JSON.

    Invariant: after ``undo_update`` with the answer, the member is as she was.
    """
    member = work.session.get_one(Member, person_id)
    undo: dict[str, Any] = {}
    fields = change.fields
    texts = [name for name in (*TEXTS, "born") if name in fields]
    undo["texts"] = {name: getattr(now, name) for name in texts}
    change_member(work, person_id, *(FieldChange(name, _text(row, name)) for name in texts))
    _take_plain(work, member, row, fields, undo)
    if "phones" in fields and member.status != "died":
        undo["phones"] = [
            add_phone(work, person_id, phone, first=True).id
            for phone in reversed(row.phones)
            if phone.e164 not in now.phones
        ]
    if "fee" in fields and row.fee_minor is not None:
        _take_fee(work, person_id, row.fee_minor, undo)
    if "district" in fields and row.district is not None:
        _take_district(work, person_id, row.district, undo)
    if "languages" in fields:
        undo["languages"] = languages(work.session, person_id)
        set_languages(work, person_id, row.languages)
    if "wish" in fields and row.wish is not None:
        undo["wish"] = True
        wish = row.wish
        wanted = WishChange(
            wish.channels, wish.not_before, wish.not_after, wish.ask_for, wish.words
        )
        change_wish(work, person_id, wanted)
    return json.dumps(undo)


def undo_update(work: Work, person_id: int, written: str) -> None:
    """Put back what ``apply_update`` changed."""
    undo = json.loads(written)
    member = work.session.get_one(Member, person_id)
    change_member(
        work, person_id, *(FieldChange(name, text) for name, text in undo["texts"].items())
    )
    for name, value in undo.get("plain", {}).items():
        on = name.endswith("_on") and value is not None
        setattr(member, name, date.fromisoformat(value) if on else value)
    if undo.get("name"):
        member.legal_name = None
    _put_back_phones(work, undo.get("phones", []), undo.get("ended", []))
    if "fee" in undo:
        _put_back_fee(work, person_id, undo["fee"])
    if "membership" in undo:
        _put_back_district(work, undo["membership"])
    if "languages" in undo:
        set_languages(work, person_id, undo["languages"])
    if undo.get("wish"):
        work.session.execute(delete(ReachRule).where(ReachRule.person_id == person_id))
    work.session.flush()


def _text(row: RowReading, name: str) -> str | None:
    if name == "born":
        return row.born.written() if row.born else None
    text: str | None = getattr(row, name)
    return text


def _take_plain(
    work: Work, member: Member, row: RowReading, fields: frozenset[str], undo: dict[str, Any]
) -> None:
    plain: dict[str, Any] = {}
    if "joined" in fields and row.joined is not None:
        plain |= {"joined_on": _iso(member.joined_on), "joined_precision": member.joined_precision}
        member.joined_on, member.joined_precision = row.joined.on, row.joined.precision
    if "category" in fields:
        plain["category"] = member.category
        member.category = row.category
    if "status" in fields:
        plain |= {"status": member.status, "status_on": _iso(member.status_on)}
        member.status, member.status_on = row.standing.status, row.standing.on
        if member.status == "died":
            undo["ended"] = end_all_phones(work, member.person_id)
    undo["plain"] = plain
    if "name" in fields and row.name:
        undo["name"] = member.legal_name is None
        place = SealedField(LEGAL_NAMES, member.key_ref, LEGAL_NAME, member.ref)
        member.legal_name = seal(work, place, row.name)
    work.session.flush()


def _take_fee(work: Work, person_id: int, fee_minor: int, undo: dict[str, Any]) -> None:
    from_on = fee_from(work.clock.today())
    before = work.session.scalar(
        select(MemberFee.fee_minor).where(
            MemberFee.person_id == person_id, MemberFee.from_on == from_on
        )
    )
    undo["fee"] = [from_on.isoformat(), before]
    agree_fee(work, person_id, fee_minor, from_on)


def _take_district(work: Work, person_id: int, district: str, undo: dict[str, Any]) -> None:
    branch = branch_by_name(work.session, district)
    if branch is None:
        return
    present = select(Membership.id).where(
        Membership.person_id == person_id, Membership.until_on.is_(None)
    )
    left = work.session.scalar(present)
    transfer_member(work, person_id, branch.id, work.clock.today())
    undo["membership"] = [left, work.session.scalar(present)]


def _put_back_phones(work: Work, added: list[int], ended: list[int]) -> None:
    touched = select(ContactPoint.number_index).where(ContactPoint.id.in_([*added, *ended]))
    indexes = list(work.session.scalars(touched))
    work.session.execute(delete(ContactPoint).where(ContactPoint.id.in_(added)))
    work.session.execute(
        update(ContactPoint).where(ContactPoint.id.in_(ended)).values(ended_at=None)
    )
    refresh_shared(work, indexes)


def _put_back_fee(work: Work, person_id: int, fee: list[Any]) -> None:
    from_on, before = date.fromisoformat(fee[0]), fee[1]
    if before is not None:
        agree_fee(work, person_id, before, from_on)
        return
    work.session.execute(
        delete(MemberFee).where(MemberFee.person_id == person_id, MemberFee.from_on == from_on)
    )


def _put_back_district(work: Work, ids: list[int | None]) -> None:
    left, came = ids
    work.session.execute(delete(Membership).where(Membership.id == came))
    if left is not None:
        work.session.get_one(Membership, left).until_on = None
    work.session.flush()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
