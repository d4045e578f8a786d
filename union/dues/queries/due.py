"""Whom a month's run would charge and how much: the rule ``month_charge`` said once more, in sets.

A test holds the two against each other member by member.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, cast, func, select, text
from sqlalchemy.orm import Session

from union.dues.models import Charge
from union.dues.queries.rules import rule_on
from union.dues.rules.charges import last_to_join
from union.kernel.periods import Month
from union.members.models import Branch

# OFFSET 0 keeps each of these a look-up by index for each member: while a run goes on, the
# planner's figures are behind, and it would compare every member with every charge.
COST = """
SELECT m.person_id, s.branch_id, coalesce(fee.fee_minor, rate.amount_minor) AS amount_minor
  FROM member m
  LEFT JOIN membership s ON s.person_id = m.person_id
   AND (s.since_on IS NULL OR s.since_on <= :last_day)
   AND (s.until_on IS NULL OR s.until_on > :last_day)
  LEFT JOIN LATERAL (
    SELECT p.category, p.from_month FROM dues_pays_as p
     WHERE p.person_id = m.person_id AND p.from_month <= :month
     ORDER BY p.from_month DESC, p.id DESC LIMIT 1) pays ON true
  LEFT JOIN LATERAL (
    SELECT f.fee_minor FROM member_fee f
     WHERE f.person_id = m.person_id AND f.from_on <= :last_day
       AND (pays.from_month IS NULL OR f.from_on >= pays.from_month)
     ORDER BY f.from_on DESC LIMIT 1) fee ON true
  LEFT JOIN LATERAL (
    SELECT r.amount_minor FROM dues_rate r
     WHERE r.category IN ('', coalesce(pays.category, m.category, '')) AND r.from_month <= :month
       AND fee.fee_minor IS NULL
     ORDER BY r.category = '', r.from_month DESC, r.id DESC LIMIT 1) rate ON true
 WHERE m.merged_into IS NULL
   AND (m.status = 'active' OR m.status_on > :last_day)
   AND (m.joined_on IS NULL OR m.joined_on <= :last_to_join)
   AND coalesce(fee.fee_minor, rate.amount_minor) > 0
   AND NOT EXISTS (SELECT FROM dues_opening o
                    WHERE o.person_id = m.person_id AND o.covered_to >= :month OFFSET 0)
   AND NOT EXISTS (SELECT FROM member_event e
                    WHERE e.person_id = m.person_id AND e.what = 'back'
                      AND e.gone_on <= :last_day AND e.on_day > :last_day OFFSET 0)
   AND NOT EXISTS (SELECT FROM dues_waiver w
                     LEFT JOIN dues_waiver_end x ON x.waiver_id = w.id
                    WHERE w.person_id = m.person_id AND w.from_month <= :month
                      AND (w.until_month IS NULL OR w.until_month >= :month)
                      AND (x.until_month IS NULL OR x.until_month >= :month) OFFSET 0)
   AND NOT (m.person_id IN (SELECT one_person(e.person_id) FROM dues_standing_event e
                             WHERE e.what = 'suspended')
            AND dues_lapsed(m.person_id, :lapse_eve, CAST(:lapse_months AS integer)))
"""
_NOT_CHARGED = """
   AND NOT EXISTS (SELECT FROM dues_charge c
                    WHERE c.person_id = m.person_id AND c.month = :month AND c.kind = 'fee'
                   OFFSET 0)
   AND NOT EXISTS (SELECT FROM member x JOIN dues_charge c ON c.person_id = x.person_id
                    WHERE x.merged_into = m.person_id AND c.month = :month AND c.kind = 'fee'
                   OFFSET 0)
"""
DUE = COST + _NOT_CHARGED


@dataclass(frozen=True, slots=True)
class DueSlice:
    """What a branch would be charged, in paise; members of no branch are a slice of their own."""

    branch_id: int | None
    branch: str
    charges: int
    amount_minor: int


def month_parameters(session: Session, month: Month) -> Mapping[str, Any]:
    """What ``COST`` and ``DUE`` ask for, by the rule of the month's last day.

    Whether a membership had lapsed is asked of the eve of the month, by the rule of that day:
    so a run on the first says the same as one on the last. ``lapse_months`` None: the union's
    rule goes on charging lapsed members.
    """
    eve = month.first_day - timedelta(days=1)
    rule = rule_on(session, eve)
    return {
        "lapse_eve": eve,
        "lapse_months": None if rule.charge_lapsed else rule.lapse_months,
        "month": month.first_day,
        "last_day": month.last_day,
        "last_to_join": last_to_join(month, rule_on(session, month.last_day).join_day),
    }


def due_slices(session: Session, month: Month) -> list[DueSlice]:
    """What a run of the month would charge now, branch by branch."""
    due = text(DUE).columns(branch_id=BigInteger, amount_minor=BigInteger).subquery("due")
    name = func.coalesce(Branch.name, "")
    query = (
        select(due.c.branch_id, name, func.count(), cast(func.sum(due.c.amount_minor), BigInteger))
        .outerjoin(Branch, Branch.id == due.c.branch_id)
        .group_by(due.c.branch_id, Branch.name)
        .order_by(name)
    )
    rows = session.execute(query, month_parameters(session, month))
    return [DueSlice(*row) for row in rows]


def charged_in(session: Session, month: Month) -> int:
    """How many fees stand charged for a month."""
    query = select(func.count()).select_from(Charge)
    return session.scalar(query.where(Charge.month == month.first_day, Charge.kind == "fee")) or 0
