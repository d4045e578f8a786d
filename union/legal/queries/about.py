"""What a case is to people: who has it, with whom it is shared, and who never learns of it.

Whoever handed it back may hear once more that she did, for a page is sent twice by a double
press; the service does nothing a second time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, CompoundSelect, literal, select, union_all

from union.infra.people import one_person
from union.kernel.access import About
from union.legal.models import CaseEvent, CaseReceiver, CaseShare, CaseShutOut, LegalCase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union.infra.abouts import AboutQuery, ViewArgs
    from union.infra.work import Work

HAS, OUT = "has", "out"


def about_case(work: Work, args: ViewArgs) -> About | None:
    """Who has it now; nobody's own pages lead to a case, so its subject is no owner here."""
    return _tied(work, _people(LegalCase.ref == args["ref"]))


def about_case_handed_back(work: Work, args: ViewArgs) -> About | None:
    """Who has it now, and whoever handed it back."""
    here = LegalCase.ref == args["ref"]
    gave = (
        select(literal(HAS), CaseEvent.actor_person_id)
        .join(LegalCase, LegalCase.id == CaseEvent.case_id)
        .where(here, CaseEvent.code == "handed_back")
    )
    return _tied(work, union_all(_people(here), gave))


def about_share(work: Work, args: ViewArgs) -> About | None:
    """With whom it is shared under this reference, until when; nobody once it has ended."""
    row = work.session.execute(
        select(
            CaseShare.person_id,
            CaseShare.until_at,
            CaseShare.ended_at,
            select(CaseShutOut.id)
            .where(
                CaseShutOut.case_id == CaseShare.case_id,
                one_person(CaseShutOut.person_id) == one_person(CaseShare.person_id),
            )
            .exists()
            .label("kept_out"),
        ).where(CaseShare.ref == args["share_ref"])
    ).first()
    if row is None:
        return None
    if row.ended_at is not None or row.kept_out:
        return About()
    return About(shared_until={row.person_id: row.until_at})


def _people(here: ColumnElement[bool]) -> CompoundSelect[tuple[str, int | None]]:
    """Whoever has a case, and whoever is kept out of it, each with which of the two it is."""
    return union_all(
        select(literal(HAS), LegalCase.assignee_person_id).where(here),
        select(literal(HAS), CaseReceiver.person_id)
        .join(LegalCase, LegalCase.id == CaseReceiver.case_id)
        .where(here, CaseReceiver.ended_at.is_(None)),
        select(literal(OUT), CaseShutOut.person_id)
        .join(LegalCase, LegalCase.id == CaseShutOut.case_id)
        .where(here),
    )


def _tied(work: Work, people: CompoundSelect[tuple[str, int | None]]) -> About | None:
    found, present = people.subquery(), work.actor.person_id
    tie, person_id = found.c[0], found.c[1]
    rows = work.session.execute(
        select(tie, person_id, one_person(person_id) == one_person(present))
    ).all()
    if not rows:
        return None
    tied: dict[str, set[int]] = {HAS: set(), OUT: set()}
    for row in rows:
        tied[row[0]].update(one for one in (row[1], present if row[2] else None) if one is not None)
    return About(assigned=frozenset(tied[HAS]), shut_out=frozenset(tied[OUT]))


ABOUTS: Mapping[str, AboutQuery] = {
    "legal.case": about_case,
    "legal.case_handed_back": about_case_handed_back,
    "legal.share": about_share,
}
