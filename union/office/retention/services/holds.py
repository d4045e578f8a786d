"""Holds: placed and renewed by one who answers for such records, lifted by two.

Invariant: while a hold stands nothing of its subject ages out and none of its keys is destroyed; no
hold lasts longer than a year unless a person renews it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from union.crisis.models import Incident
from union.infra import audit
from union.infra.holds import WORDS, HeldThing, HoldReason, LegalHold
from union.infra.people import is_present
from union.infra.retention import RUN_LOCK
from union.infra.work import Work
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref
from union.legal.models import LegalCase
from union.office.queries.naming import person_by_card
from union.office.retention.errors import HoldEndedError, HoldNotByTwoError, HoldTooLongError
from union.office.retention.policy import may_hold, may_see_hold

LONGEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class NewHold:
    """What is held (a card, or the reference of an incident or a case), why, and its last day."""

    what: HeldThing
    named: str
    why: HoldReason
    words: str
    until: date


def place_hold(work: Work, new: NewHold) -> LegalHold:
    """Hold all that is kept of it. NotAllowedError, NotFoundError, HoldTooLongError.

    It waits until whoever destroys keys has committed which are gone.
    """
    by = _may(work, new.what)
    subject_id = _subject(work, new.what, new.named.strip())
    work.session.execute(select(func.pg_advisory_xact_lock(RUN_LOCK)))
    key_ref, ref, now = work.vault.new_key(), new_ref(), work.clock.now()
    hold = LegalHold(
        ref=ref,
        subject_type=new.what.value,
        subject_id=subject_id,
        why=new.why.value,
        key_ref=key_ref,
        words=work.vault.encrypt(key_ref, WORDS, ref, new.words),
        placed_by=by,
        placed_at=now,
        until_at=_end_of(work, new.until, now),
    )
    work.session.add(hold)
    work.session.flush()
    audit.log(work, "hold_placed", object_type="legal_hold", object_id=hold.id)
    return hold


def renew_hold(work: Work, ref: str) -> LegalHold:
    """Let it last a year from today; an asking to lift it stands beside that.

    NotFoundError, HoldEndedError.
    """
    hold = open_hold(work, ref)
    hold.until_at = max(hold.until_at, work.clock.now() + LONGEST)
    hold.renewed_by, hold.renewed_at = work.actor.person_id, work.clock.now()
    work.session.flush()
    audit.log(work, "hold_renewed", object_type="legal_hold", object_id=hold.id)
    return hold


def lift_hold(work: Work, ref: str) -> LegalHold:
    """The first asks that it end; another person ends it. HoldNotByTwoError, HoldEndedError."""
    hold = open_hold(work, ref)
    now = work.clock.now()
    if hold.lift_by is None:
        hold.lift_by, hold.lift_at = work.actor.person_id, now
    elif is_present(work, hold.lift_by):
        raise HoldNotByTwoError
    else:
        hold.ended_by, hold.ended_at, hold.ended_how = work.actor.person_id, now, "lifted"
    work.session.flush()
    audit.log(work, "hold_lifted", object_type="legal_hold", object_id=hold.id)
    return hold


def open_hold(work: Work, ref: str) -> LegalHold:
    """A hold that she may see and that stands. NotFoundError, HoldEndedError."""
    hold = work.session.scalar(select(LegalHold).where(LegalHold.ref == ref).with_for_update())
    if hold is None or not may_see_hold(work.actor, hold):
        raise NotFoundError
    if hold.ended_at is not None:
        raise HoldEndedError
    return hold


def _may(work: Work, what: HeldThing) -> int:
    if work.actor.person_id is None or what not in may_hold(work.actor):
        raise NotAllowedError
    return work.actor.person_id


def _subject(work: Work, what: HeldThing, named: str) -> int:
    found = {
        HeldThing.PERSON: lambda: person_by_card(work, named),
        HeldThing.INCIDENT: lambda: work.session.scalar(
            select(Incident.id).where(Incident.ref == named)
        ),
        HeldThing.CASE: lambda: work.session.scalar(
            select(LegalCase.id).where(
                LegalCase.ref == named, LegalCase.assignee_person_id == work.actor.person_id
            )
        ),
    }[what]()
    if found is None:
        raise NotFoundError
    return found


def _end_of(work: Work, until: date, now: datetime) -> datetime:
    end = datetime.combine(until + timedelta(days=1), time(), work.clock.zone)
    if not now < end <= now + LONGEST + timedelta(days=1):
        raise HoldTooLongError
    return end
