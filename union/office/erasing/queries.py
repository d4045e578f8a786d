"""Orders to erase somebody, their certificates, and what stays of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from union.infra.key_ends import Erasure, hindrances
from union.infra.people import Person, is_present, one_person
from union.infra.signing import fingerprint
from union.infra.successions import Line, is_ours
from union.kernel.errors import NotFoundError
from union.members.queries import member_views
from union.messages.models import Message
from union.office.models import ErasureCertificate

if TYPE_CHECKING:
    from union.infra.work import Work

SHOWN = 60

_STAYING = text("""
WITH hers AS (SELECT erasure_entries(:who) AS id)
SELECT 'money_rows' AS what,
       (SELECT count(*) FROM dues_charge WHERE person_id IN (SELECT id FROM hers))
     + (SELECT count(*) FROM dues_payment WHERE person_id IN (SELECT id FROM hers))
     + (SELECT count(*) FROM voucher WHERE payee_person_id IN (SELECT id FROM hers)) AS many
UNION ALL
SELECT 'readings', count(*) FROM reading WHERE subject_person_id IN (SELECT id FROM hers)
UNION ALL
SELECT 'calls_with_others', count(DISTINCT c.incident_id) FROM contact c
 WHERE c.person_id IN (SELECT id FROM hers) AND c.incident_id IS NOT NULL
UNION ALL
SELECT 'said_by_others', count(*) FROM taken_sheet s
 WHERE s.incident_id IN (SELECT t.incident_id FROM taken t
                          WHERE t.person_id IN (SELECT id FROM hers))
""")


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order as officers see it; ``who`` is empty once she is erased."""

    ref: str
    who: str
    asked_at: datetime
    asked_how: str
    hands: int
    not_before: datetime | None
    state: str
    stopped_how: str | None
    may_agree: bool
    may_stop: bool
    waits_for: tuple[str, ...] = ()
    certificate: int | None = None


def orders(work: Work) -> list[OrderView]:
    """All of them, what waits first, then the latest. Nobody finds her own here."""
    rows = work.session.execute(
        select(Erasure, ErasureCertificate.number)
        .outerjoin(ErasureCertificate, ErasureCertificate.erasure_id == Erasure.id)
        .order_by(
            (Erasure.stopped_at.is_not(None)) | (Erasure.ended_at.is_not(None)), Erasure.id.desc()
        )
        .limit(SHOWN)
    ).all()
    return [
        _view(work, order, number)
        for order, number in rows
        if not is_present(work, order.person_id)
    ]


def order_view(work: Work, ref: str) -> OrderView:
    """One of them; NotFoundError."""
    row = work.session.execute(
        select(Erasure, ErasureCertificate.number)
        .outerjoin(ErasureCertificate, ErasureCertificate.erasure_id == Erasure.id)
        .where(Erasure.ref == ref)
    ).one_or_none()
    if row is None or is_present(work, row[0].person_id):
        raise NotFoundError
    order, number = row
    return _view(work, order, number)


def orders_waiting(work: Work) -> int:
    """How many orders wait for a hand that the present person may give: not her own, not twice."""
    asked = select(Erasure).where(Erasure.second_by.is_(None), Erasure.stopped_at.is_(None))
    return sum(
        not is_present(work, order.person_id) and not is_present(work, order.first_by)
        for order in work.session.scalars(asked)
    )


def order_of(work: Work, person_id: int) -> Erasure | None:
    """What is asked for her and neither stopped nor done."""
    return work.session.scalar(
        select(Erasure).where(
            one_person(Erasure.person_id) == one_person(person_id),
            Erasure.stopped_at.is_(None),
            Erasure.ended_at.is_(None),
        )
    )


def certificate_of(session: Session, ref: str) -> ErasureCertificate:
    """The certificate of an order; NotFoundError."""
    found = session.scalar(
        select(ErasureCertificate)
        .join(Erasure, Erasure.id == ErasureCertificate.erasure_id)
        .where(Erasure.ref == ref)
    )
    if found is None:
        raise NotFoundError
    return found


def newest_certificate(session: Session) -> ErasureCertificate | None:
    """Where the chain ends."""
    latest = select(ErasureCertificate).order_by(ErasureCertificate.number.desc()).limit(1)
    return session.scalar(latest)


def waiting_for_her(session: Session, person_id: int) -> list[int]:
    """The messages that are to go to her, or that lie under her key."""
    entries = select(Person.id).where(one_person(Person.id) == one_person(person_id))
    keys = select(Person.key_ref).where(Person.id.in_(entries))
    return list(
        session.scalars(
            select(Message.id).where(
                or_(Message.person_id.in_(entries), Message.key_ref.in_(keys)),
                Message.state.in_(("waiting", "handed_over")),
            )
        )
    )


def false_certificates(session: Session, ours: Line = ()) -> list[int]:
    """The numbers of those that are not signed, or by another key than ours was then."""
    found = session.scalars(select(ErasureCertificate).order_by(ErasureCertificate.number))
    return [
        one.number
        for one in found
        if not one.holds or (ours and not is_ours(ours, one.public_key, one.made_at))
    ]


def key_print(certificate: ErasureCertificate) -> str:
    """The key that signed, as people compare it."""
    return fingerprint(certificate.public_key)


def count_staying(session: Session, person_id: int) -> Mapping[str, int]:
    """What is not erased, each with how much there is; paper nobody can count."""
    rows = session.execute(_STAYING, {"who": person_id})
    return {what: int(many) for what, many in rows}


def _view(work: Work, order: Erasure, number: int | None) -> OrderView:
    state = _state(order)
    views = {} if order.ended_at else member_views(work, [order.person_id])
    by_me = is_present(work, order.person_id, order.first_by)
    asked = state in {"asked", "first"}
    return OrderView(
        ref=order.ref,
        who=views[order.person_id].label if order.person_id in views else "",
        asked_at=order.asked_at,
        asked_how=order.asked_how,
        hands=sum(one is not None for one in (order.first_by, order.second_by)),
        not_before=order.not_before,
        state=state,
        stopped_how=order.stopped_how,
        may_agree=asked and not by_me,
        may_stop=order.may_be_stopped,
        waits_for=tuple(hindrances(work.session, order.person_id)) if order.may_be_stopped else (),
        certificate=number,
    )


def _state(order: Erasure) -> str:
    steps = (
        (order.stopped_at, "stopped"),
        (order.ended_at, "erased"),
        (order.begun_at, "under_way"),
        (order.second_by, "told"),
        (order.first_by, "first"),
    )
    return next((said for given, said in steps if given is not None), "asked")
