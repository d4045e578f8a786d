"""A case somebody has, and its share with a lawyer from outside."""

from __future__ import annotations

from datetime import timedelta

from tests.access.sides import Example, Made, Side
from tests.builders.identity import give_role, make_account
from tests.builders.ledger import acting_as
from tests.builders.legal import make_case, make_paralegal
from tests.builders.members import make_member
from union.infra.work import Work
from union.kernel.actor import Actor, Grant, Role
from union.legal.models import LegalCase
from union.legal.queries.shares import lawyers
from union.legal.rules import Part, PartyRole, Purpose
from union.legal.services import add_party, give_consent
from union.legal.services.sharing import NewShare, share_case


def make(work: Work, side: Side) -> Made:
    paralegal = make_paralegal(work, side.branch)
    case = make_case(work, paralegal, side.member.person_id)
    share = _shared(work, side, case, paralegal)
    inside = {"ref": case.ref, **share.args, **_inside(work, case, paralegal)}
    hers = Example(inside, tied=paralegal.person_id)
    return {"legal.case": hers, "legal.case_handed_back": hers, "legal.share": share}


def _inside(work: Work, case: LegalCase, paralegal: Actor) -> dict[str, str]:
    """What has a reference of its own within a case: what she agreed to, and who is in it."""
    with acting_as(work, paralegal):
        consent = give_consent(work, case.ref, Purpose.COUNT_ONLY, work.clock.today())
        party = add_party(work, case.ref, next(iter(PartyRole)), "the landlord")
    return {"consent_ref": consent.ref, "party_ref": party.ref}


def _shared(work: Work, side: Side, case: LegalCase, paralegal: Actor) -> Example:
    lawyer = make_member(work, side.branch).person_id
    give_role(work, make_account(work, lawyer).id, Grant(Role.LAWYER))
    office = next(one.office for one in lawyers(work, case) if one.person_id == lawyer)
    today = work.clock.today()
    with acting_as(work, paralegal):
        give_consent(work, case.ref, Purpose.SHARE_LAWYER, today)
        parts = frozenset({next(iter(Part))})
        share = share_case(work, case.ref, NewShare(office, parts, today + timedelta(days=30)))
    return Example({"share_ref": share.ref}, tied=lawyer)
