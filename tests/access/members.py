"""A member and a branch."""

from __future__ import annotations

from tests.access.sides import Example, Made, Side
from union.infra.work import Work


def make(_work: Work, side: Side) -> Made:
    here = side.branch.id
    return {
        "members.member": Example({"ref": side.member.ref}, branch_id=here),
        "members.branch": Example({"ref": side.branch.ref}, branch_id=here),
    }
