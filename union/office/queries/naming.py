"""What a person is called on pages that stand below the register, such as a voucher."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from union.identity.models import Account
from union.infra.work import Work
from union.members.queries import member_views


def name_people(work: Work, person_ids: Collection[int]) -> Mapping[int, str]:
    """Called name and card number of members; of officers outside the register, how they sign in.

    Whoever calls this has made sure that the reader may see names.
    """
    rows = work.session.execute(
        select(Account.person_id, Account.sign_in_name).where(Account.person_id.in_(person_ids))
    )
    names: dict[int, str] = {row.person_id: row.sign_in_name for row in rows}
    names.update({number: view.label for number, view in member_views(work, person_ids).items()})
    return names
