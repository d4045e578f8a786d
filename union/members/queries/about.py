"""What members and branches are to those who keep the register: the branch each lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from union.infra.abouts import lies_in
from union.members.models import Branch, Member, Membership

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union.infra.abouts import AboutQuery, ViewArgs
    from union.infra.work import Work
    from union.kernel.access import About


def about_member(work: Work, args: ViewArgs) -> About | None:
    """The branch she is with now."""
    now = and_(Membership.person_id == Member.person_id, Membership.until_on.is_(None))
    return lies_in(
        work,
        select(Membership.branch_id)
        .select_from(Member)
        .outerjoin(Membership, now)
        .where(Member.ref == args["ref"]),
    )


def about_branch(work: Work, args: ViewArgs) -> About | None:
    """The branch itself."""
    return lies_in(work, select(Branch.id).where(Branch.ref == args["ref"]))


ABOUTS: Mapping[str, AboutQuery] = {
    "members.member": about_member,
    "members.branch": about_branch,
}
