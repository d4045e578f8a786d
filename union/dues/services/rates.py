"""Rates, rules, and waivers ended. Invariant: none is rewritten, a new one begins with a day.

A waiver ended for months charged before has the difference posted in the same unit of work; a rate
set for the past waits for a run of differences.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from union.dues.errors import (
    RateExistsError,
    RuleInPastError,
    RuleOutOfOrderError,
    WaiverEndedError,
)
from union.dues.models import DuesRule, Rate, Waiver, WaiverEnd
from union.dues.services.corrections import set_right
from union.infra import audit
from union.infra.work import Work
from union.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class NewRule:
    """The rules of dues from a day on; see ``DuesRule``."""

    from_on: date
    join_day: int
    grace_months: int
    suspend_months: int
    lapse_months: int
    rest_days: int
    remind_months: tuple[int, int, int]
    charge_lapsed: bool = False


def set_rate(work: Work, category: str, amount_minor: int, from_month: Month) -> None:
    """A monthly fee in paise for a category ("" is everybody's) from a month on.

    Another fee for a month that has one corrects it from now on: the first stays written down, and
    what was charged by it differs until differences are posted. RateExistsError if the same fee
    holds from that month on already.
    """
    before = work.session.scalar(
        select(Rate.amount_minor)
        .where(Rate.category == category, Rate.from_month == from_month.first_day)
        .order_by(Rate.id.desc())
        .limit(1)
    )
    if before == amount_minor:
        raise RateExistsError
    rate = Rate(
        category=category,
        amount_minor=amount_minor,
        from_month=from_month.first_day,
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(rate)
    work.session.flush()
    audit.log(work, "dues_rate_set", object_type="dues_rate", object_id=rate.id)


def set_rule(work: Work, new: NewRule) -> DuesRule:
    """The rules of dues from a day on, today at the earliest: how somebody stood stays as it was.

    RuleInPastError; RuleOutOfOrderError if grace, suspension and lapse, or the reminders, do not
    follow each other.
    """
    if new.from_on < work.clock.today():
        raise RuleInPastError
    steps = (-1, new.grace_months, new.suspend_months, new.lapse_months)
    for row in (steps, (0, *new.remind_months)):
        if any(later <= before for before, later in pairwise(row)):
            raise RuleOutOfOrderError
    rule = DuesRule(
        from_on=new.from_on,
        join_day=new.join_day,
        grace_months=new.grace_months,
        suspend_months=new.suspend_months,
        lapse_months=new.lapse_months,
        rest_days=new.rest_days,
        remind_months=list(new.remind_months),
        charge_lapsed=new.charge_lapsed,
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(rule)
    work.session.flush()
    audit.log(work, "dues_rule_set", object_type="dues_rule", object_id=rule.id)
    return rule


def end_waiver(work: Work, waiver: Waiver, until_month: Month) -> None:
    """End a waiver with a month: months after it cost her again, those charged meanwhile too.

    A month before its first takes it back whole. WaiverEndedError if somebody ended it before,
    or it ends no later by itself.
    """
    before = Month.of(waiver.from_month).previous()
    until = max(until_month, before)
    if waiver.until_month is not None and until >= Month.of(waiver.until_month):
        raise WaiverEndedError
    made = work.session.scalar(
        insert(WaiverEnd)
        .values(
            waiver_id=waiver.id,
            until_month=until.first_day,
            made_at=work.clock.now(),
            made_by=work.actor.person_id,
        )
        .on_conflict_do_nothing()
        .returning(WaiverEnd.waiver_id)
    )
    if made is None:
        raise WaiverEndedError
    _log(work, "dues_waiver_ended", waiver)
    set_right(work, [waiver.person_id])


def _log(work: Work, what: str, waiver: Waiver) -> None:
    audit.log(
        work,
        what,
        object_type="dues_waiver",
        object_id=waiver.id,
        subject_person_id=waiver.person_id,
    )
