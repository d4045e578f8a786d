"""What a claim is to people: whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from union.infra.abouts import owned_by
from union.welfare.models import Claim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union.infra.abouts import AboutQuery, ViewArgs
    from union.infra.work import Work
    from union.kernel.access import About


def about_claim(work: Work, args: ViewArgs) -> About | None:
    """Who claims."""
    return owned_by(work, select(Claim.person_id).where(Claim.ref == args["ref"]))


ABOUTS: Mapping[str, AboutQuery] = {"welfare.claim": about_claim}
