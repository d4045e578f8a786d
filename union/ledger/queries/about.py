"""What a paper and a float are to people: who laid the one and holds the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from union.infra.abouts import owned_by
from union.ledger.models import FloatAccount, FloatSettlement, Paper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union.infra.abouts import AboutQuery, ViewArgs
    from union.infra.work import Work
    from union.kernel.access import About


def about_paper(work: Work, args: ViewArgs) -> About | None:
    """Whose float it was told of; a paper beside a voucher is nobody's own."""
    told = and_(Paper.belongs_kind == "settlement", FloatSettlement.id == Paper.belongs_id)
    return owned_by(
        work,
        select(FloatAccount.holder_person_id)
        .select_from(Paper)
        .outerjoin(FloatSettlement, told)
        .outerjoin(FloatAccount, FloatAccount.account_code == FloatSettlement.account_code)
        .where(Paper.ref == args["ref"]),
    )


def about_float(work: Work, args: ViewArgs) -> About | None:
    """Who holds it."""
    return owned_by(
        work, select(FloatAccount.holder_person_id).where(FloatAccount.ref == args["ref"])
    )


ABOUTS: Mapping[str, AboutQuery] = {
    "ledger.paper": about_paper,
    "ledger.float": about_float,
}
