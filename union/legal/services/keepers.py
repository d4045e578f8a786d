"""Who keeps keys of cases: named people, let in one by one by somebody who keeps them already.

Invariant: nobody keeps keys by an office alone; she works on cases, and has opening words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from union.identity.queries import account_by_name, actor_of_account
from union.identity.rules import read_sign_in_name
from union.infra import audit
from union.infra.sealing import CASE_KEEPERS, CircleKey, PersonalKey, entitle
from union.legal.errors import KeeperUnknownError
from union.legal.rules import MAY_KEEP

if TYPE_CHECKING:
    from union.infra.sealing import OwnKey
    from union.infra.work import Work


def add_keeper(work: Work, sign_in_name: str, own: OwnKey) -> int:
    """Let another keep keys of cases; her person's number. Twice is once.

    NotEntitledError for who keeps none herself; KeeperUnknownError for somebody who does not work
    on cases, has chosen no opening words, or kept keys before and was let go.
    """
    account = account_by_name(work, read_sign_in_name(sign_in_name))
    if account is None or actor_of_account(work, account).roles.isdisjoint(MAY_KEEP):
        raise KeeperUnknownError
    person_id = account.person_id
    if work.session.get(PersonalKey, person_id) is None:
        raise KeeperUnknownError
    held = work.session.get(CircleKey, (CASE_KEEPERS, person_id))
    if held is not None and held.revoked_at is not None:
        raise KeeperUnknownError
    if held is None:
        entitle(work, CASE_KEEPERS, person_id, own)
        audit.log(
            work,
            "case_keeper_added",
            object_type="person",
            object_id=person_id,
            subject_person_id=person_id,
        )
    return person_id


def keepers(work: Work) -> list[int]:
    """Who keeps keys of cases now."""
    return list(
        work.session.scalars(
            select(CircleKey.person_id)
            .where(CircleKey.circle == CASE_KEEPERS, CircleKey.revoked_at.is_(None))
            .order_by(CircleKey.made_at, CircleKey.person_id)
        )
    )
