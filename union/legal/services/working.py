"""Work on a case: notes, people, the next step, the end.

Invariant: only whoever has the case adds to it; an open case always has a next step.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.infra import audit
from union.infra.timers import finish_timers
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_ref
from union.legal.errors import StepInPastError
from union.legal.models import CaseEvent, CaseParty, LegalCase
from union.legal.queries.parties import PARTY_OF_EVENT, PARTY_TAKEN_OUT, taken_out
from union.legal.rules import Act, CaseOutcome, CaseState, PartyRole, Step
from union.legal.services.rooms import PARTY_WORDS, close_words
from union.legal.services.story import CASE, NEXT_WORDS, own_case, plan_look, say

if TYPE_CHECKING:
    from collections.abc import Collection

    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next, by which day, and more in words if need be."""

    step: Step
    on: date
    words: str = ""


def set_next_step(work: Work, case_ref: str, new: NextStep) -> LegalCase:
    """Say what comes next and when; StepInPastError for a day that has passed."""
    case = own_case(work, case_ref)
    if new.on < work.clock.today():
        raise StepInPastError
    words = new.words.strip()
    case.next_step, case.next_on = new.step.value, new.on
    case.next_words = (
        work.vault.encrypt(case.key_ref, NEXT_WORDS, case.ref, words) if words else None
    )
    work.session.flush()
    say(work, case, "next_step", words, step=new.step.value, on=new.on.isoformat())
    plan_look(work, case)
    return case


def add_note(work: Work, case_ref: str, words: str) -> CaseEvent:
    """Add a note in words, sealed."""
    return say(work, own_case(work, case_ref), "note", words.strip())


def add_party(work: Work, case_ref: str, role: PartyRole, words: str) -> CaseParty:
    """Add somebody to the case: what they are in it, and who, in sealed words."""
    case = own_case(work, case_ref)
    ref = new_ref()
    kept, room_id = close_words(work, case, PARTY_WORDS, ref, words.strip())
    party = CaseParty(
        ref=ref,
        case_id=case.id,
        role=role.value,
        words=kept,
        room_id=room_id,
        added_at=work.clock.now(),
        added_by_person_id=work.actor.person_id,
    )
    work.session.add(party)
    work.session.flush()
    say(work, case, "party_added", role=role.value)
    return party


def take_out_party(work: Work, case_ref: str, party_ref: str) -> CaseEvent:
    """Somebody was written down by mistake and is in the case no more; twice changes nothing.

    The line itself stays, closed, and the story says that it was taken out. NotFoundError for
    somebody who is not in this case.
    """
    case = own_case(work, case_ref)
    party = work.session.scalar(
        select(CaseParty).where(CaseParty.ref == party_ref, CaseParty.case_id == case.id)
    )
    if party is None:
        raise NotFoundError
    before = work.session.scalar(taken_out(case.id).where(party.id == PARTY_OF_EVENT))
    if before is not None:
        return before
    return say(work, case, PARTY_TAKEN_OUT, role=party.role, party_id=party.id)


def name_acts(work: Work, case_ref: str, acts: Collection[Act]) -> LegalCase:
    """Say what was done to her, by the short list."""
    case = own_case(work, case_ref)
    case.acts = sorted({act.value for act in acts})
    work.session.flush()
    say(work, case, "acts_named")
    return case


def close_case(work: Work, case_ref: str, outcome: CaseOutcome, words: str = "") -> LegalCase:
    """End the case; it stays closed, and nobody is reminded of it any more."""
    case = own_case(work, case_ref)
    say(work, case, "closed", words.strip() or None, outcome=outcome.value)
    case.state = CaseState.CLOSED.value
    case.closed_at, case.closed_by_person_id = work.clock.now(), work.actor.person_id
    case.outcome = outcome.value
    work.session.flush()
    finish_timers(work, CASE, case.id)
    audit.log(
        work,
        "case_closed",
        object_type=CASE,
        object_id=case.id,
        subject_person_id=case.subject_person_id,
    )
    return case
