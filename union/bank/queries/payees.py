"""Where people's money is sent, as those see it who write and confirm it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from union.bank.models import BankPayee
from union.bank.rules.payees import PayeeDetails
from union.infra.keystore import KeyGoneError
from union.infra.people import one_person, whose
from union.infra.work import Work
from union.kernel.errors import NotFoundError

DETAILS = "bank_payee.details"
REFUSED_NOTE = "bank_payee.refused_note"
MOST_REFUSED = 25


@dataclass(frozen=True, slots=True)
class PayeeView:
    """A payee's details, opened; ``others`` is how many more people's money goes there too.

    ``may_confirm``: the reader neither wrote them nor is whose money it is.
    """

    payee: BankPayee
    details: PayeeDetails
    others: int
    may_confirm: bool


def details_hold() -> ColumnElement[bool]:
    """That one wrote where money goes and another confirmed it, neither of them whose it is."""
    maker = one_person(BankPayee.made_by)
    confirmer = one_person(BankPayee.confirmed_by)
    payee = one_person(BankPayee.person_id)
    return (
        BankPayee.ended_at.is_(None)
        & BankPayee.confirmed_at.is_not(None)
        & BankPayee.made_by.is_not(None)
        & (maker != confirmer)
        & (maker != payee)
        & (confirmer != payee)
    )


def payees_waiting(work: Work) -> list[PayeeView]:
    """Details that a second person has to confirm, oldest first."""
    return _views(
        work,
        work.session.scalars(
            select(BankPayee)
            .where(BankPayee.ended_at.is_(None), BankPayee.confirmed_at.is_(None))
            .order_by(BankPayee.id)
        ).all(),
    )


def payee_of(work: Work, person_id: int) -> PayeeView | None:
    """Where a person's money goes now, confirmed or not."""
    found = work.session.scalars(
        select(BankPayee).where(BankPayee.person_id == person_id, BankPayee.ended_at.is_(None))
    ).all()
    return next(iter(_views(work, found)), None)


@dataclass(frozen=True, slots=True)
class RefusedPayee:
    """Details somebody said no to, with her reason; nobody has written others since."""

    payee: BankPayee
    details: PayeeDetails
    why: str


def payees_refused(work: Work, person_id: int | None = None) -> list[RefusedPayee]:
    """Details that were refused and not written anew (of one person, or all), latest first."""
    later = aliased(BankPayee)
    newer = select(later.id).where(later.person_id == BankPayee.person_id, later.id > BankPayee.id)
    query = select(BankPayee).where(BankPayee.refused_at.is_not(None), ~newer.exists())
    if person_id is not None:
        query = query.where(BankPayee.person_id == person_id)
    found = []
    for one in work.session.scalars(query.order_by(BankPayee.id.desc()).limit(MOST_REFUSED)):
        if one.refused_note is None:
            continue
        try:
            details = work.vault.decrypt(one.key_ref, DETAILS, one.ref, one.details)
            why = work.vault.decrypt(one.key_ref, REFUSED_NOTE, one.ref, one.refused_note)
        except KeyGoneError:
            continue
        found.append(RefusedPayee(one, PayeeDetails.opened(details), why))
    return found


def payee_by_ref(work: Work, ref: str) -> PayeeView:
    """One payee's details; NotFoundError."""
    found = _views(work, work.session.scalars(select(BankPayee).where(BankPayee.ref == ref)).all())
    if not found:
        raise NotFoundError
    return found[0]


def _views(work: Work, payees: Sequence[BankPayee]) -> list[PayeeView]:
    views = []
    people = whose(
        work.session,
        {
            work.actor.person_id,
            *(one.person_id for one in payees),
            *(one.made_by for one in payees),
        },
    )
    herself = people.get(work.actor.person_id)
    for payee in payees:
        try:
            text = work.vault.decrypt(payee.key_ref, DETAILS, payee.ref, payee.details)
        except KeyGoneError:
            continue
        others = select(func.count(BankPayee.person_id.distinct())).where(
            BankPayee.number_index == payee.number_index,
            BankPayee.ended_at.is_(None),
            BankPayee.person_id != payee.person_id,
        )
        count = int(work.session.scalar(others) or 0)
        maker, owner = people.get(payee.made_by), people[payee.person_id]
        may_confirm = maker is not None and herself not in {None, maker, owner} and maker != owner
        views.append(PayeeView(payee, PayeeDetails.opened(text), count, may_confirm))
    return views
