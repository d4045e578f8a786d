"""Payees outside the register; whoever calls has made sure that the reader may see names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from union.infra.keystore import KeyGoneError
from union.infra.people import Person
from union.infra.work import Work
from union.ledger.models import Payee

NAME_PLACE = "payee.name"


@dataclass(frozen=True, slots=True)
class PayeeView:
    """A payee and what she is called; "" once her key is gone."""

    ref: str
    person_id: int
    name: str


def payees(work: Work, person_ids: Collection[int] | None = None) -> Sequence[PayeeView]:
    """Payees by name, all or those among these people."""
    query = select(Payee, Person.key_ref).join(Person, Person.id == Payee.person_id)
    if person_ids is not None:
        query = query.where(Payee.person_id.in_(person_ids))
    rows = work.session.execute(query).all()
    work.vault.preload([key_ref for _payee, key_ref in rows])
    found = []
    for payee, key_ref in rows:
        try:
            name = work.vault.decrypt(key_ref, NAME_PLACE, payee.ref, payee.name)
        except KeyGoneError:
            name = ""
        found.append(PayeeView(payee.ref, payee.person_id, name))
    return sorted(found, key=lambda one: one.name.casefold())


def payee_names(work: Work, person_ids: Collection[int]) -> dict[int, str]:
    """What the payees among these people are called."""
    return {one.person_id: one.name for one in payees(work, person_ids) if one.name}
