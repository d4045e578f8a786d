"""People who can bring a locked office back, and what lies wrapped."""

from __future__ import annotations

from sqlalchemy import text

from tests.builders.identity import give_role, make_account
from tests.builders.members import PASSPHRASE
from union.infra.sealing import make_personal_key
from union.infra.work import Work
from union.kernel.actor import Actor, Grant, Role


def make_keeper(
    work: Work, role: Role = Role.SIGNATORY, person_id: int | None = None, *, words: bool = True
) -> int:
    """Somebody with an office and (her words are ``PASSPHRASE``) a key of her own; her person."""
    account = make_account(work, person_id)
    give_role(work, account.id, Grant(role))
    if words:
        make_personal_key(work, account.person_id, PASSPHRASE)
    return account.person_id


def hand_of(person_id: int, role: Role = Role.SIGNATORY) -> Actor:
    return Actor(person_id, 1, frozenset({Grant(role)}))


def wraps(work: Work) -> dict[str, bytes]:
    """Every wrapped key there is, as it lies now."""
    rows = work.session.execute(text("SELECT * FROM office_wraps()"))
    return {f"{row.place}/{row.row_key}": row.wrapped for row in rows}
