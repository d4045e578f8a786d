"""Who need not pay, or pays less, by two people. Invariant: nobody is let off on one hand's word.

One proposes, another agrees: neither is she herself, and who agrees took no cash of hers in the
year before or since, so that nobody takes her money, writes no receipt and lets her off. What is
agreed for months charged before has its difference posted in the same unit of work.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from union.dues.errors import (
    OwnFavourError,
    ProposalEndedError,
    ProposalWaitsError,
    TookHerCashError,
    WaiverEndsFirstError,
    WaiverNeedsEndError,
)
from union.dues.models import DuesProposal, PaysAs, Waiver
from union.dues.queries.proposals import NOTE
from union.dues.rules.waivers import LONGEST_GIVEN, may_stay_open
from union.dues.services.corrections import set_right
from union.dues.services.hands import want_another
from union.dues.services.locks import PERSON_LOCK, hold
from union.infra import audit
from union.infra.people import Person, is_present
from union.infra.work import Work
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref
from union.kernel.periods import Month

LET_OFF, PAYS_AS = "let_off", "pays_as"


@dataclass(frozen=True, slots=True)
class NewWaiver:
    """Months somebody need not pay: reason hardship, holiday, illness or detained.

    ``until_month`` None: until somebody ends it, for the ill and the detained only. ``note`` is
    kept under her key.
    """

    person_id: int
    from_month: Month
    until_month: Month | None
    reason: str
    note: str = ""


def propose_waiver(work: Work, new: NewWaiver) -> DuesProposal:
    """Say that somebody need not pay some months; it holds once another agrees.

    WaiverEndsFirstError if the last month lies before the first; WaiverNeedsEndError if hard
    times or a holiday have no end, or one beyond two years. OwnFavourError for oneself,
    NotAllowedError for nobody, ProposalWaitsError while one waits.
    """
    if new.until_month is not None and new.until_month < new.from_month:
        raise WaiverEndsFirstError
    too_long = new.until_month is not None and new.until_month > new.from_month.shift(LONGEST_GIVEN)
    if too_long or (new.until_month is None and not may_stay_open(new.reason)):
        raise WaiverNeedsEndError
    ref = new_ref()
    person = work.session.get_one(Person, new.person_id)
    said = DuesProposal(
        ref=ref,
        person_id=new.person_id,
        kind=LET_OFF,
        from_month=new.from_month.first_day,
        until_month=None if new.until_month is None else new.until_month.first_day,
        reason=new.reason,
        note=work.vault.encrypt(person.key_ref, NOTE, ref, new.note) if new.note else None,
    )
    return _propose(work, said)


def propose_pays_as(work: Work, person_id: int, category: str, from_month: Month) -> DuesProposal:
    """Say that somebody shall pay as a category from a month on; it holds once another agrees.

    OwnFavourError for oneself, NotAllowedError for nobody, ProposalWaitsError while one waits.
    """
    said = DuesProposal(
        ref=new_ref(),
        person_id=person_id,
        kind=PAYS_AS,
        from_month=from_month.first_day,
        category=category,
    )
    return _propose(work, said)


def agree_proposal(work: Work, ref: str) -> Waiver | PaysAs:
    """Agree to what another proposed: from now on she pays so.

    OwnFavourError for herself, SameHandError for who proposed it, TookHerCashError for who took
    cash of hers in the year before it was proposed or since, ProposalEndedError if it is over.
    """
    said = _open(work, ref)
    if is_present(work, said.person_id):
        raise OwnFavourError
    person_id = want_another(work, said.made_by)
    took = func.dues_took_cash_of(person_id, said.person_id, said.made_at)
    if work.session.scalar(select(took)):
        raise TookHerCashError
    _end(work, said, "agreed")
    made = _let_off(work, said) if said.kind == LET_OFF else _pays_as(work, said)
    work.session.add(made)
    work.session.flush()
    _log(work, "dues_waived" if said.kind == LET_OFF else "dues_pays_as", said)
    set_right(work, [said.person_id])
    return made


def refuse_proposal(work: Work, ref: str) -> DuesProposal:
    """A no, or one's own proposal taken back; nothing changes for her. ProposalEndedError."""
    said = _open(work, ref)
    _end(work, said, "taken_back" if is_present(work, said.made_by) else "refused")
    _log(work, "dues_proposal_ended", said)
    return said


def _propose(work: Work, said: DuesProposal) -> DuesProposal:
    if work.actor.person_id is None:
        raise NotAllowedError
    if is_present(work, said.person_id):
        raise OwnFavourError
    hold(work, PERSON_LOCK, said.person_id)
    waiting = select(DuesProposal.id).where(
        DuesProposal.person_id == said.person_id,
        DuesProposal.kind == said.kind,
        DuesProposal.ended_at.is_(None),
    )
    if work.session.scalar(waiting) is not None:
        raise ProposalWaitsError
    said.made_at, said.made_by = work.clock.now(), work.actor.person_id
    work.session.add(said)
    work.session.flush()
    _log(work, "dues_proposed", said)
    return said


def _open(work: Work, ref: str) -> DuesProposal:
    said = work.session.scalar(
        select(DuesProposal).where(DuesProposal.ref == ref).with_for_update()
    )
    if said is None:
        raise NotFoundError
    if said.ended_at is not None:
        raise ProposalEndedError
    return said


def _end(work: Work, said: DuesProposal, how: str) -> None:
    if work.actor.person_id is None:
        raise NotAllowedError
    said.ended_at, said.ended_by, said.ended_how = work.clock.now(), work.actor.person_id, how
    work.session.flush()


def _let_off(work: Work, said: DuesProposal) -> Waiver:
    return Waiver(
        ref=said.ref,
        person_id=said.person_id,
        from_month=said.from_month,
        until_month=said.until_month,
        reason=said.reason,
        note=said.note,
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
        proposal_id=said.id,
    )


def _pays_as(work: Work, said: DuesProposal) -> PaysAs:
    return PaysAs(
        person_id=said.person_id,
        category=said.category,
        from_month=said.from_month,
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
        proposal_id=said.id,
    )


def _log(work: Work, what: str, said: DuesProposal) -> None:
    audit.log(
        work,
        what,
        object_type="dues_proposal",
        object_id=said.id,
        subject_person_id=said.person_id,
    )
