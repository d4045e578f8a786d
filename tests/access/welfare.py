"""A claim."""

from __future__ import annotations

from tests.access.sides import Example, Made, Side
from tests.builders.welfare import make_claim, make_committee, make_scheme, make_sick_member
from union.infra.work import Work


def make(work: Work, side: Side) -> Made:
    if side.first:
        make_scheme(work)
        make_committee(work)
    claim = make_claim(work, make_sick_member(work, branch=side.branch))
    return {"welfare.claim": Example({"ref": claim.ref}, tied=claim.person_id)}
