"""How members stood on any day: one woman for her own page, all of them in one query for lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select, text

from union.dues.models import DuesRule, StandingEvent
from union.dues.queries.known import KNOWN
from union.dues.queries.rules import rule_on
from union.dues.rules.standing import (
    Proposal,
    Standing,
    StandingFacts,
    StandingRule,
    proposal,
    standing,
)
from union.infra.work import Work
from union.kernel.periods import Month

# What was paid by the day: a payment counts from the day it was given (one taken back never
# does), everything else from when it was written down.
_FACTS = """
WITH us AS (
  SELECT m.person_id, m.person_id AS entry FROM member m WHERE m.merged_into IS NULL {only}
  UNION ALL
  SELECT x.merged_into, x.person_id FROM member x JOIN member m ON m.person_id = x.merged_into
   WHERE m.merged_into IS NULL {only}
), open AS (
  SELECT us.person_id, c.month
    FROM us JOIN dues_charge c ON c.person_id = us.entry AND c.month < :month
   WHERE c.amount_minor > CASE
     WHEN :now THEN c.settled_minor
     ELSE (SELECT coalesce(sum(a.amount_minor), 0) FROM dues_allocation a
             LEFT JOIN dues_payment p ON p.id = a.payment_id
            WHERE a.charge_id = c.id
              AND CASE WHEN a.payment_id IS NULL THEN a.made_at < :day_ends
                       ELSE p.happened_on <= :on END) END
), behind AS (
  SELECT person_id, count(DISTINCT month) AS months FROM open GROUP BY person_id
), said AS (
  SELECT DISTINCT ON (us.person_id) us.person_id, e.what
    FROM us JOIN dues_standing_event e ON e.person_id = us.entry AND e.on_day <= :on
   ORDER BY us.person_id, e.id DESC
), opened AS (
  SELECT us.person_id, max(r.started_at) AS at, bool_or(o.paid_upto IS NULL) AS unknown
    FROM us JOIN dues_opening o ON o.person_id = us.entry JOIN dues_run r ON r.id = o.run_id
   WHERE r.started_at < :day_ends GROUP BY us.person_id
)
SELECT m.person_id,
       CASE WHEN opened.unknown THEN NULL ELSE coalesce(behind.months, 0) END AS months_behind,
       coalesce(said.what = 'suspended', false) AS suspended,
       opened.at AS taken_over_at,
       EXISTS (SELECT FROM dues_waiver w LEFT JOIN dues_waiver_end x ON x.waiver_id = w.id
                WHERE w.person_id = m.person_id AND w.from_month <= :this_month
                  AND (w.until_month IS NULL OR w.until_month >= :this_month)
                  AND (x.until_month IS NULL OR x.until_month >= :this_month)) AS let_off,
       m.person_id IN ({known}) AS paid_something,
       (m.status = 'active' OR m.status_on > :on)
         AND (m.joined_on IS NULL OR m.joined_on <= :on)
         AND NOT EXISTS (SELECT FROM member_event e WHERE e.person_id = m.person_id
                            AND e.what = 'back' AND e.gone_on <= :on AND e.on_day > :on) AS with_us
  FROM member m
  LEFT JOIN behind ON behind.person_id = m.person_id
  LEFT JOIN said ON said.person_id = m.person_id
  LEFT JOIN opened ON opened.person_id = m.person_id
 WHERE m.merged_into IS NULL {only}
"""
_ONLY = "AND m.person_id = ANY(CAST(:people AS bigint[]))"


@dataclass(frozen=True, slots=True)
class StandingView:
    """How one member stood on a day, and what the rule proposes about her."""

    person_id: int
    standing: Standing
    months_behind: int | None
    proposal: Proposal | None
    with_us: bool
    facts: StandingFacts


def standings(
    work: Work, on: date, person_ids: Collection[int] | None = None
) -> dict[int, StandingView]:
    """How each of these members (None: all in the register) stood on a day, by the rule of it.

    Merged entries count as one woman, under the one that is kept.
    """
    rule = plain_rule(rule_on(work.session, on))
    month = Month.of(on).first_day
    only = "" if person_ids is None else _ONLY
    rows = work.session.execute(
        text(_FACTS.format(only=only, known=KNOWN)),
        {
            "on": on,
            "now": on >= work.clock.today(),
            "day_ends": datetime.combine(on + timedelta(days=1), time(0), work.clock.zone),
            "month": month,
            "this_month": month,
            **({} if person_ids is None else {"people": list(person_ids)}),
        },
    )
    zone = work.clock.zone
    found = {}
    for row in rows:
        taken_over = row.taken_over_at
        facts = StandingFacts(
            months_behind=row.months_behind,
            suspended=row.suspended,
            taken_over_on=None if taken_over is None else taken_over.astimezone(zone).date(),
            let_off=row.let_off,
            paid_something=row.paid_something,
            with_us=row.with_us,
        )
        found[row.person_id] = StandingView(
            person_id=row.person_id,
            standing=standing(facts, rule),
            months_behind=row.months_behind,
            proposal=proposal(facts, rule, on),
            with_us=row.with_us,
            facts=facts,
        )
    return found


def standing_of(work: Work, person_id: int, on: date) -> StandingView:
    """How one member (the kept entry) stood on a day."""
    return standings(work, on, [person_id])[person_id]


def counted(views: Collection[StandingView]) -> Counter[Standing]:
    """How many of those with us stand how."""
    return Counter(one.standing for one in views if one.with_us)


def events_of(work: Work, person_ids: Collection[int]) -> list[StandingEvent]:
    """What was decided about her, the latest first."""
    query = select(StandingEvent).where(StandingEvent.person_id.in_(person_ids))
    return list(work.session.scalars(query.order_by(StandingEvent.id.desc())))


def plain_rule(rule: DuesRule) -> StandingRule:
    """The figures of a rule, as the pure rule takes them."""
    return StandingRule(rule.grace_months, rule.suspend_months, rule.lapse_months, rule.rest_days)
