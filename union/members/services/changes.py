"""Changing what is known of a member; what was true on a day stays true of that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from union.infra import audit
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.members.models import Branch, Card, Member, MemberFee, Membership
from union.members.queries.reach import BORN, CALLED, NOMINEE, PLACE, REMARKS
from union.members.rules.cards import DEFAULT_PREFIX, DIGITS
from union.members.services.days import refuse_day


class CardTakenError(UnionError):
    """This card number belongs to another member."""

    code = "card_taken"


class AlreadyThereError(UnionError):
    """She belongs to this branch already."""

    code = "already_in_branch"


class TransferTooEarlyError(UnionError):
    """A transfer cannot lie before the day she came to her present branch."""

    code = "transfer_too_early"


_ENCRYPTED = {
    "called": CALLED,
    "born": BORN,
    "place": PLACE,
    "nominee": NOMINEE,
    "remarks": REMARKS,
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One encrypted field of a member and its new text (None empties it)."""

    field: str
    text: str | None


def change_member(work: Work, person_id: int, *changes: FieldChange) -> None:
    """Change encrypted fields: called, born, place, nominee, remarks; others raise KeyError."""
    member = work.session.get_one(Member, person_id)
    for change in changes:
        place = _ENCRYPTED[change.field]
        closed = (
            work.vault.encrypt(member.key_ref, place, member.ref, change.text)
            if change.text
            else None
        )
        setattr(member, change.field, closed)
    work.session.flush()
    log_member(work, "member_changed", person_id)


def set_category(work: Work, person_id: int, category: str | None) -> None:
    """Her category: woman, man, trans, or None while nobody asked."""
    work.session.get_one(Member, person_id).category = category
    work.session.flush()


def give_card(work: Work, person_id: int, number: str | None = None) -> str:
    """Give her a card: this number, or the next free one; CardTakenError if it is another's.

    Her earlier cards keep finding her.
    """
    member = work.session.get_one(Member, person_id)
    wanted = number or _next_free(work)
    made = work.session.scalar(
        insert(Card)
        .values(number=wanted, person_id=person_id, made_at=work.clock.now())
        .on_conflict_do_nothing(index_elements=["number"])
        .returning(Card.id)
    )
    if made is None:
        holder = work.session.scalar(select(Card.person_id).where(Card.number == wanted))
        if holder != person_id:
            raise CardTakenError
    member.card_number = wanted
    work.session.flush()
    log_member(work, "card_given", person_id)
    return wanted


def transfer_member(work: Work, person_id: int, branch_id: int, on: date) -> None:
    """From ``on`` she belongs to another branch; where she was before is kept.

    Invariant: one branch on any day. AlreadyThereError, TransferTooEarlyError, and the days
    that ``refuse_day`` refuses.
    """
    present = work.session.scalar(
        select(Membership).where(Membership.person_id == person_id, Membership.until_on.is_(None))
    )
    work.session.get_one(Branch, branch_id)
    if present is not None:
        if present.branch_id == branch_id:
            raise AlreadyThereError
        refuse_day(work, person_id, on)
        if present.since_on is not None and on <= present.since_on:
            raise TransferTooEarlyError
        present.until_on = on
        work.session.flush()
    work.session.add(
        Membership(person_id=person_id, branch_id=branch_id, since_on=on, made_at=work.clock.now())
    )
    work.session.flush()
    log_member(work, "member_transferred", person_id)


def agree_fee(work: Work, person_id: int, fee_minor: int, from_on: date) -> None:
    """From a day on she pays this much a month, in minor units; a later agreement stays."""
    work.session.execute(
        insert(MemberFee)
        .values(person_id=person_id, from_on=from_on, fee_minor=fee_minor)
        .on_conflict_do_update(
            index_elements=["person_id", "from_on"], set_={"fee_minor": fee_minor}
        )
    )
    log_member(work, "fee_agreed", person_id)


def _next_free(work: Work) -> str:
    highest = work.session.scalar(
        select(func.max(Card.number)).where(
            Card.number.regexp_match(f"^{DEFAULT_PREFIX}/[0-9]{{5}}$")
        )
    )
    following = int(highest.partition("/")[2]) + 1 if highest else 1
    return f"{DEFAULT_PREFIX}/{following:0{DIGITS}d}"


def log_member(work: Work, action: str, person_id: int) -> None:
    """Write down an act about a member where she can see it."""
    audit.log(work, action, object_type="member", object_id=person_id, subject_person_id=person_id)
