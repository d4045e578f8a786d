"""Rates and waivers. Invariant: a rate is never rewritten, a new one begins with its month."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import insert

from union.dues.errors import RateExistsError, WaiverEndsFirstError
from union.dues.models import Rate, Waiver
from union.infra import audit
from union.infra.people import Person
from union.infra.work import Work
from union.kernel.ids import new_ref
from union.kernel.periods import Month

NOTE = "dues_waiver.note"


@dataclass(frozen=True, slots=True)
class NewWaiver:
    """Months somebody need not pay: reason hardship, holiday, illness or detained.

    ``until_month`` None: until somebody ends it. ``note`` is kept under her key.
    """

    person_id: int
    from_month: Month
    until_month: Month | None
    reason: str
    note: str = ""


def set_rate(work: Work, category: str, amount_minor: int, from_month: Month) -> None:
    """A monthly fee in paise for a category ("" is everybody's) from a month on.

    RateExistsError if that month has one already.
    """
    made = work.session.scalar(
        insert(Rate)
        .values(
            category=category,
            amount_minor=amount_minor,
            from_month=from_month.first_day,
            made_at=work.clock.now(),
            made_by=work.actor.person_id,
        )
        .on_conflict_do_nothing()
        .returning(Rate.id)
    )
    if made is None:
        raise RateExistsError


def waive(work: Work, new: NewWaiver) -> Waiver:
    """Let somebody off for some months; what was charged before stays.

    WaiverEndsFirstError if the last month lies before the first.
    """
    if new.until_month is not None and new.until_month < new.from_month:
        raise WaiverEndsFirstError
    ref = new_ref()
    person = work.session.get_one(Person, new.person_id)
    waiver = Waiver(
        ref=ref,
        person_id=new.person_id,
        from_month=new.from_month.first_day,
        until_month=None if new.until_month is None else new.until_month.first_day,
        reason=new.reason,
        note=work.vault.encrypt(person.key_ref, NOTE, ref, new.note) if new.note else None,
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(waiver)
    work.session.flush()
    audit.log(
        work,
        "dues_waived",
        object_type="dues_waiver",
        object_id=waiver.id,
        subject_person_id=new.person_id,
    )
    return waiver
