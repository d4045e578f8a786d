"""Who has a case. Invariant: an open case is had by somebody or asked for again within the hour."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from union.crisis.queries.follow_up import follow_up_of
from union.identity.queries import people_with_role
from union.infra import audit
from union.infra.timers import Timer, take_timer
from union.kernel.actor import Actor, Role
from union.kernel.errors import NotAllowedError, NotFoundError
from union.legal.errors import CaseClosedError, CaseTakenError
from union.legal.models import CaseReceiver, CaseShare, CaseShutOut, LegalCase
from union.legal.policy import is_paralegal
from union.legal.queries import case_by_ref, helpers_for, holders_of, shut_out_of, without
from union.legal.rules import RECEIVERS, CaseKind, CaseState, choose_paralegal, is_overdue
from union.legal.services.complaints import fill_receivers, hand_on_complaint
from union.legal.services.rooms import seal_case, settle
from union.legal.services.sharing import end_shares
from union.legal.services.story import CASE, own_case, plan_look, say
from union.members.queries import all_entries_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from union.infra.sealing import OwnKey
    from union.infra.work import Work


def assign(work: Work, case: LegalCase, but: int | None = None) -> bool:
    """Give the case to the nearest certified paralegal, else to any; False if there is none."""
    incident = follow_up_of(work.session, case.incident_id) if case.incident_id else None
    avoid = set(incident.avoid) if incident else set()
    if case.subject_person_id is not None:
        avoid.update(all_entries_of(work.session, case.subject_person_id))
    if but is not None:
        avoid.add(but)
    helpers = helpers_for(work, case, incident.cell if incident else None)
    kept = without(work, [one.person_id for one in helpers], shut_out_of(work, case.id))
    chosen = choose_paralegal((one for one in helpers if one.person_id in kept), frozenset(avoid))
    if chosen is None:
        return False
    give_to(work, case, chosen)
    return True


def give_to(work: Work, case: LegalCase, person_id: int) -> None:
    """Let somebody have the case from now on."""
    case.assignee_person_id = person_id
    case.assigned_at = work.clock.now()
    work.session.flush()
    say(work, case, "assigned", person_id=person_id)
    audit.log(
        work,
        "case_assigned",
        object_type=CASE,
        object_id=case.id,
        subject_person_id=case.subject_person_id,
    )


def take_case(work: Work, case_ref: str) -> LegalCase:
    """Take a case nobody has; CaseTakenError if somebody was quicker.

    NotAllowedError for somebody named in the conflict, and for her own case; to whoever is kept
    out of it, it is not there.
    """
    case = case_by_ref(work.session, case_ref, locked=True)
    if not is_paralegal(work.actor) or work.actor.person_id is None:
        raise NotAllowedError
    if (
        case is None
        or case.kind != CaseKind.AID
        or not without(work, [work.actor.person_id], shut_out_of(work, case.id))
    ):
        raise NotFoundError
    if case.state != CaseState.OPEN:
        raise CaseClosedError(case_id=case.id)
    if case.assignee_person_id is not None:
        raise CaseTakenError(case_id=case.id)
    incident = follow_up_of(work.session, case.incident_id) if case.incident_id else None
    hers = case.subject_person_id is not None and work.actor.person_id in all_entries_of(
        work.session, case.subject_person_id
    )
    if hers or (incident is not None and work.actor.person_id in incident.avoid):
        raise NotAllowedError
    give_to(work, case, work.actor.person_id)
    settle(work, case)
    plan_look(work, case)
    return case


def hand_back_case(work: Work, case_ref: str, own: OwnKey | None = None) -> LegalCase:
    """Let the case go to another, or to the queue that is asked again each hour.

    With her opened key whoever has it next is let into its words in the same commit.
    """
    case = own_case(work, case_ref)
    if case.kind == CaseKind.COMPLAINT:
        hand_on_complaint(work, case)
    else:
        _give_on(work, case, but=work.actor.person_id)
    settle(work, case, own)
    plan_look(work, case)
    return case


def leave_cases(work: Work, person_id: int) -> None:
    """She holds no office any more in which she had these: others are found for her open cases.

    By nobody's hand: who ends an office learns of no case by it, not even of one about herself.
    What nobody has any more is shown to nobody outside: no hand could take her word back.
    """
    work = replace(work, actor=Actor.system("offices"))
    received = select(CaseReceiver.case_id).where(
        CaseReceiver.person_id == person_id, CaseReceiver.ended_at.is_(None)
    )
    shared = select(CaseShare.case_id).where(CaseShare.ended_at.is_(None))
    cases = work.session.scalars(
        select(LegalCase)
        .where(
            or_(LegalCase.state == CaseState.OPEN.value, LegalCase.id.in_(shared)),
            or_(LegalCase.assignee_person_id == person_id, LegalCase.id.in_(received)),
        )
        .order_by(LegalCase.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for case in cases:
        if case.state == CaseState.OPEN:
            _leave(work, case, person_id)
        if not _somebody_has(work, case):
            end_shares(work, case)
        settle(work, case)


def go_around_joined(work: Work, person_id: int) -> None:
    """Entries were joined: what goes around this person, or is hers, is in her hands no more.

    By nobody's hand, as ``leave_cases``: whoever joins entries learns of no case by it. The
    database refuses a joining after which somebody would have what goes around her.
    """
    work = replace(work, actor=Actor.system("register"))
    entries = all_entries_of(work.session, person_id)
    named = select(CaseShutOut.case_id).where(CaseShutOut.person_id.in_(entries))
    cases = work.session.scalars(
        select(LegalCase)
        .where(or_(LegalCase.subject_person_id.in_(entries), LegalCase.id.in_(named)))
        .order_by(LegalCase.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for case in cases:
        _out_of_hands(work, case, entries)


def _out_of_hands(work: Work, case: LegalCase, people: Collection[int]) -> None:
    end_shares(work, case, people)
    if case.state == CaseState.OPEN and not holders_of(work, case).isdisjoint(people):
        _leave_hands(work, case)
    if not _somebody_has(work, case):
        end_shares(work, case)
    settle(work, case)


def _wrong_hands(work: Work, case: LegalCase) -> frozenset[int]:
    """Whom it goes around, or whose it is, and who has it: entries joined in earlier days."""
    shown = select(CaseShare.person_id).where(
        CaseShare.case_id == case.id, CaseShare.ended_at.is_(None)
    )
    named = {*holders_of(work, case), *work.session.scalars(shown)}
    hands = frozenset(one for one in named if one is not None)
    around = [*shut_out_of(work, case.id), case.subject_person_id]
    return hands.difference(without(work, hands, around))


def _leave_hands(work: Work, case: LegalCase) -> None:
    """Of an open case: another has it, or it is asked for again within the hour."""
    if case.kind == CaseKind.COMPLAINT:
        say(work, case, "handed_back")
        fill_receivers(work, case)
    else:
        _give_on(work, case)
    plan_look(work, case)


def _give_on(work: Work, case: LegalCase, but: int | None = None) -> None:
    case.assignee_person_id, case.assigned_at = None, None
    work.session.flush()
    say(work, case, "handed_back")
    assign(work, case, but=but)


def _leave(work: Work, case: LegalCase, person_id: int) -> None:
    if case.kind == CaseKind.COMPLAINT:
        fill_receivers(work, case)
    elif person_id not in people_with_role(work, Role.PARALEGAL):
        _give_on(work, case, but=person_id)
    plan_look(work, case)


def _somebody_has(work: Work, case: LegalCase) -> bool:
    roles = {Role.PARALEGAL} if case.kind == CaseKind.AID else RECEIVERS
    able = {one for role in roles for one in people_with_role(work, role)}
    return not able.isdisjoint(holders_of(work, case))


def look_at_case(work: Work, timer: Timer) -> None:
    """Time to look: a case nobody has is offered again, a step whose day has passed is said so.

    The case keeps a timer for as long as it is open, and leaves hands it goes around. Words that
    lie open because nobody had opening words are sealed once somebody has.
    """
    case = work.session.get_one(
        LegalCase, timer.subject_id, with_for_update=True, populate_existing=True
    )
    if not take_timer(work, timer) or case.state != CaseState.OPEN:
        return
    wrong = _wrong_hands(work, case)
    if wrong:
        _out_of_hands(work, case, wrong)
    elif case.kind == CaseKind.AID and case.assignee_person_id is None:
        assign(work, case)
    elif case.next_on is not None and is_overdue(case.next_on, work.clock.today()):
        say(work, case, "step_overdue")
    if case.kind == CaseKind.COMPLAINT:
        fill_receivers(work, case)
    seal_case(work, case.id)
    settle(work, case)
    plan_look(work, case)
