"""Leaving, dying, coming back, and what was never so: each written down and never taken out.

Who left and came back was away in between, and stays so for whoever asks about those days.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, update

from union.identity.services.cards import end_cards_of
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.kernel.ids import new_ref
from union.members.models import ContactPoint, Member, MemberEvent, Membership
from union.members.queries.among import among
from union.members.queries.lives import REASON
from union.members.rules.days import DiedAlreadyError
from union.members.services.changes import log_member
from union.members.services.days import refuse_day
from union.members.services.reach import end_all_phones, refresh_shared_of


class NotLeftError(UnionError):
    """Only who has left comes back."""

    code = "not_left"


class NotGoneError(UnionError):
    """She is with us: there is nothing to correct."""

    code = "not_gone"


def mark_left(work: Work, person_id: int, on: date) -> None:
    """She has left, as of a day; nothing is sent to her from then on.

    DiedAlreadyError, and the days that ``refuse_day`` refuses.
    """
    member = _going(work, person_id, on)
    _gone(work, member, "left", on, [])


def mark_died(work: Work, person_id: int, on: date) -> None:
    """She has died; nothing is ever sent to her again, and nobody opens her notebook.

    DiedAlreadyError, and the days that ``refuse_day`` refuses.
    """
    member = _going(work, person_id, on)
    _gone(work, member, "died", on, end_all_phones(work, person_id))
    end_cards_of(work, person_id)


def come_back(work: Work, person_id: int, on: date, reason: str) -> None:
    """Who had left is with us again from a day on; between the two days she was away.

    NotLeftError, and the days that ``refuse_day`` refuses.
    """
    member = work.session.get_one(Member, person_id, with_for_update=True)
    if member.status != "left":
        raise NotLeftError
    refuse_day(work, person_id, on, member.status_on)
    _again(work, member, "back", on, reason)


def take_back_going(work: Work, person_id: int, reason: str) -> None:
    """That she left or died was written by mistake: she was with us all the time.

    The numbers that ended with it are hers again. NotGoneError.
    """
    member = work.session.get_one(Member, person_id, with_for_update=True)
    if member.status == "active":
        raise NotGoneError
    if member.status == "died":
        _put_back_phones(work, member)
    _again(work, member, "mistake", max(work.clock.today(), member.status_on or date.min), reason)


def _going(work: Work, person_id: int, on: date) -> Member:
    member = work.session.get_one(Member, person_id, with_for_update=True)
    if member.status == "died":
        raise DiedAlreadyError
    since = work.session.scalar(
        select(Membership.since_on).where(
            Membership.person_id == person_id, Membership.until_on.is_(None)
        )
    )
    refuse_day(work, person_id, on, since)
    return member


def _gone(work: Work, member: Member, status: str, on: date, phones: list[int]) -> None:
    member.status, member.status_on = status, on
    _write(work, member, MemberEvent(what=status, on_day=on, phones=phones))


def _again(work: Work, member: Member, what: str, on: date, reason: str) -> None:
    ref = new_ref()
    closed = work.vault.encrypt(member.key_ref, REASON, ref, reason)
    gone_on, member.status, member.status_on = member.status_on, "active", None
    event = MemberEvent(ref=ref, what=what, on_day=on, gone_on=gone_on, reason=closed, phones=[])
    _write(work, member, event)


def _write(work: Work, member: Member, event: MemberEvent) -> None:
    event.ref = event.ref or new_ref()
    event.person_id = member.person_id
    event.at, event.by_person_id = work.clock.now(), work.actor.person_id
    work.session.add(event)
    work.session.flush()
    log_member(work, f"member_{event.what}", member.person_id)


def _put_back_phones(work: Work, member: Member) -> None:
    """The numbers that ended with her; of who came in as dead, those that never were in use."""
    ended = work.session.scalar(
        select(MemberEvent.phones)
        .where(MemberEvent.person_id == member.person_id, MemberEvent.what == "died")
        .order_by(MemberEvent.id.desc())
        .limit(1)
    )
    hers = ContactPoint.person_id == member.person_id
    which = (
        ContactPoint.ended_at == ContactPoint.made_at
        if ended is None
        else among(ContactPoint.id, ended)
    )
    work.session.execute(update(ContactPoint).where(hers, which).values(ended_at=None))
    refresh_shared_of(work, member.person_id)
