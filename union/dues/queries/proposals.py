"""What one proposed of somebody's dues and another has yet to answer, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from union.dues.models import DuesProposal
from union.infra.people import Person, is_present, one_person
from union.infra.work import Work
from union.members.queries import MemberView, kept_entry, member_views

NOTE = "dues_waiver.note"


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with its words opened, and why the reader may not agree to it, if she may not.

    ``hers``: she made it; ``about_reader``: it is about herself; ``took_cash``: she took cash of
    the member's in the year before it was proposed, or since.
    """

    proposal: DuesProposal
    member: MemberView
    note: str
    hers: bool
    about_reader: bool
    took_cash: bool


def proposals_open(work: Work) -> list[ProposalView]:
    """Everything that waits for an answer, the oldest first."""
    rows = work.session.scalars(
        select(DuesProposal).where(DuesProposal.ended_at.is_(None)).order_by(DuesProposal.id)
    ).all()
    kept = {one.person_id: kept_entry(work.session, one.person_id) for one in rows}
    views = member_views(work, {one.person_id for one in kept.values() if one is not None})
    found = []
    for one in rows:
        member = kept[one.person_id]
        if member is None or member.person_id not in views:
            continue
        view = views[member.person_id]
        took = func.dues_took_cash_of(work.actor.person_id, one.person_id, one.made_at)
        found.append(
            ProposalView(
                proposal=one,
                member=view,
                note=_note(work, one),
                hers=is_present(work, one.made_by),
                about_reader=is_present(work, one.person_id),
                took_cash=bool(work.session.scalar(select(took))),
            )
        )
    return found


def proposals_to_answer(session: Session, person_id: int) -> int:
    """How many proposals this person may answer: neither made by her nor about her."""
    herself = one_person(person_id)
    query = select(func.count(DuesProposal.id)).where(
        DuesProposal.ended_at.is_(None),
        one_person(DuesProposal.made_by) != herself,
        one_person(DuesProposal.person_id) != herself,
    )
    return session.scalar(query) or 0


def _note(work: Work, one: DuesProposal) -> str:
    if one.note is None:
        return ""
    key_ref = work.session.scalar(select(Person.key_ref).where(Person.id == one.person_id))
    return "" if key_ref is None else work.vault.opened(key_ref, NOTE, one.ref, one.note) or ""
