"""Schemes, committees and claims for tests, with sound defaults."""

from __future__ import annotations

from datetime import date

from tests.builders.ledger import acting_as
from tests.builders.members import make_member
from union.infra.people import new_person
from union.infra.sealing import HEALTH, make_circle, make_personal_key
from union.infra.work import Work
from union.kernel.actor import Actor, Grant, Role
from union.members.models import Member
from union.welfare.models import Claim, SchemeVersion
from union.welfare.rules import SICKNESS, Evidence, Outcome, Terms
from union.welfare.services import NewClaim, Ruling, ask_benefit, begin_scheme, decide_claim

PASSPHRASE = "three lamps by the well"
HEALTH_WORDS = "dengue fever, four days in hospital"

TERMS = Terms(
    daily_amount_minor=15000,
    unpaid_days=3,
    waiting_months=6,
    arrears_ceiling_months=3,
    cap_days=30,
    evidence=frozenset({Evidence.DOCTOR, Evidence.VISIT}),
)


def make_scheme(
    work: Work, from_on: date = date(2026, 1, 1), terms: Terms = TERMS
) -> SchemeVersion:
    """The sickness scheme: ₹150 a day from the fourth day on."""
    return begin_scheme(work, SICKNESS, from_on, terms)


def make_committee(work: Work, *, entitled: bool = True) -> Actor:
    """Somebody of the committee; the first entitled one makes the circle of health words."""
    person = new_person(work)
    if entitled:
        make_personal_key(work, person.id, PASSPHRASE)
        make_circle(work, HEALTH, [person.id])
    return Actor(person.id, None, frozenset({Grant(Role.WELFARE_COMMITTEE)}))


def as_member(member: Member) -> Actor:
    """The member herself, signed in."""
    return Actor(member.person_id, None, frozenset({Grant(Role.MEMBER)}))


def make_sick_member(work: Work, **fields) -> Member:
    """A member of two years' standing who owes nothing."""
    fields.setdefault("joined_on", date(2024, 3, 31))
    return make_member(work, **fields)


def make_claim(work: Work, member: Member | None = None, **fields) -> Claim:
    """Ten days of October with a doctor's paper; scheme and committee must be there."""
    member = member or make_sick_member(work)
    fields.setdefault("from_on", date(2026, 10, 1))
    fields.setdefault("until_on", date(2026, 10, 10))
    fields.setdefault("evidence", Evidence.DOCTOR)
    fields.setdefault("health", HEALTH_WORDS)
    with acting_as(work, as_member(member)):
        return ask_benefit(work, NewClaim(member.person_id, **fields))


def make_granted_claim(work: Work, judge: Actor, member: Member | None = None, **fields) -> Claim:
    """A claim granted as the rule proposes, its voucher waiting for two hands."""
    claim = make_claim(work, member, **fields)
    with acting_as(work, judge):
        decide_claim(work, claim.ref, Ruling(Outcome.GRANT))
    return claim
