"""Who has a case, and who never learns of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, exists, func, select

from union.infra.people import one_person, whose
from union.legal.errors import CardUnknownError
from union.legal.models import CaseReceiver, CaseShutOut, LegalCase
from union.legal.rules import CaseKind, CaseState
from union.members.queries import member_by_card

if TYPE_CHECKING:
    from union.infra.work import Work


def receivers_of(work: Work, case_id: int) -> list[CaseReceiver]:
    """Who receives a complaint now, the first first."""
    return list(
        work.session.scalars(
            select(CaseReceiver)
            .where(CaseReceiver.case_id == case_id, CaseReceiver.ended_at.is_(None))
            .order_by(CaseReceiver.id)
        )
    )


def holders_of(work: Work, case: LegalCase) -> frozenset[int | None]:
    """Who has it: a paralegal, or of a complaint its receivers."""
    if case.kind == CaseKind.AID:
        return frozenset({case.assignee_person_id})
    return frozenset(one.person_id for one in receivers_of(work, case.id))


def shut_out_of(work: Work, case_id: int) -> list[int]:
    """Who is kept out of a case, as she was named."""
    return list(
        work.session.scalars(
            select(CaseShutOut.person_id)
            .where(CaseShutOut.case_id == case_id)
            .order_by(CaseShutOut.id)
        )
    )


def person_of_card(work: Work, card: str) -> int:
    """Whose card this is; CardUnknownError if nobody's."""
    member = member_by_card(work.session, card)
    if member is None:
        raise CardUnknownError
    return member.person_id


def not_kept_from(person_id: int | None) -> ColumnElement[bool]:
    """Of cases in a list: those this person, under whatever entry, is not kept out of."""
    return ~exists().where(
        CaseShutOut.case_id == LegalCase.id,
        one_person(CaseShutOut.person_id) == one_person(person_id),
    )


def without(work: Work, able: Iterable[int], kept_out: Iterable[int | None]) -> list[int]:
    """Those of ``able`` who are nobody of ``kept_out``, under any entry of the register."""
    able, kept_out = list(able), list(kept_out)
    people = whose(work.session, [*able, *kept_out])
    out = {people[one] for one in kept_out if one is not None}
    return [one for one in able if people[one] not in out]


def complaints_by_receiver(work: Work) -> dict[int, int]:
    """How many open complaints each receiver has."""
    rows = work.session.execute(
        select(CaseReceiver.person_id, func.count())
        .join(LegalCase, LegalCase.id == CaseReceiver.case_id)
        .where(CaseReceiver.ended_at.is_(None), LegalCase.state == CaseState.OPEN.value)
        .group_by(CaseReceiver.person_id)
    )
    return {row[0]: row[1] for row in rows}
