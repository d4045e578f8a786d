"""A complaint against one of our own, which goes around her.

Invariant: it names somebody; she is shut out of it for good, under whatever entry and office; two
receive it who are neither she nor whose it is. While fewer can, it is offered again each hour.
The database refuses a hand of hers in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from union.identity.queries import offices_now, offices_of, people_with_role
from union.infra import audit
from union.infra.people import is_present
from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError
from union.legal.errors import NamedHerselfError, NobodyNamedError
from union.legal.models import CaseReceiver, CaseShutOut, LegalCase
from union.legal.queries import complaints_by_receiver, receivers_of, shut_out_of, without
from union.legal.rules import RECEIVERS, TWO, Act, CaseKind, Hearer, choose_receivers
from union.legal.services.rooms import settle
from union.legal.services.story import CASE, begin_case, own_case, plan_look, say
from union.members.queries import all_entries_of, branch_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class NewComplaint:
    """Whose it is, whom it is about, and what happened.

    ``person_ids`` are people known by their card; ``office`` stands for everybody who holds it,
    where she knows no card: all of them are kept out.
    """

    subject_person_id: int
    words: str
    person_ids: frozenset[int] = frozenset()
    office: Role | None = None
    acts: tuple[Act, ...] = ()


def open_complaint(work: Work, new: NewComplaint) -> LegalCase:
    """Write down a complaint and give it to two; NobodyNamedError, NamedHerselfError.

    By the member herself, or by somebody who may receive one, for her who came in person.
    """
    herself = is_present(work, new.subject_person_id)
    if not herself and not work.actor.has(*RECEIVERS):
        raise NotAllowedError
    named = set(new.person_ids)
    if new.office is not None:
        named.update(one.person_id for one in offices_now(work) if one.grant.role is new.office)
    mine = set(all_entries_of(work.session, new.subject_person_id))
    if new.person_ids & mine:
        raise NamedHerselfError
    if not named - mine:
        raise NobodyNamedError
    if is_present(work, *(named - mine)):
        raise NotAllowedError
    branch = branch_of(work.session, new.subject_person_id)
    case = begin_case(
        work, CaseKind.COMPLAINT, new.subject_person_id, branch_id=branch.id if branch else None
    )
    case.acts = [act.value for act in new.acts]
    for person_id in sorted(named - mine):
        _shut_out(work, case, person_id)
    say(work, case, "opened")
    fill_receivers(work, case)
    say(work, case, "complained", new.words.strip())
    plan_look(work, case)
    return case


def keep_out(work: Work, case_ref: str, person_id: int) -> LegalCase:
    """Keep somebody out of a case of one's own, whatever she holds, for good; twice is once.

    NamedHerselfError for whose it is. She who has it cannot name herself: she hands it back.
    """
    case = own_case(work, case_ref)
    if case.subject_person_id is not None and person_id in all_entries_of(
        work.session, case.subject_person_id
    ):
        raise NamedHerselfError
    if is_present(work, person_id):
        raise NotAllowedError
    if person_id in shut_out_of(work, case.id):
        return case
    live = [one.person_id for one in receivers_of(work, case.id)]
    _let_go(work, case, set(live) - set(without(work, live, [person_id])))
    _shut_out(work, case, person_id)
    say(work, case, "kept_out")
    if case.kind == CaseKind.COMPLAINT:
        fill_receivers(work, case)
        plan_look(work, case)
    settle(work, case)
    return case


def hand_on_complaint(work: Work, case: LegalCase) -> None:
    """One of the two lets it go; another is looked for, never she again at once."""
    person_id = work.actor.person_id
    if person_id is None:
        raise NotAllowedError
    _let_go(work, case, [person_id])
    say(work, case, "handed_back")
    fill_receivers(work, case, but=[person_id])


def fill_receivers(work: Work, case: LegalCase, but: Collection[int] = ()) -> int:
    """Let go whoever lost her office, and look for those missing; how many it has now."""
    able = _able(work, case)
    live = receivers_of(work, case.id)
    _let_go(work, case, [one.person_id for one in live if one.person_id not in able])
    live = [one for one in live if one.person_id in able]
    out = [*but, *(one.person_id for one in live)]
    loads = complaints_by_receiver(work)
    found = choose_receivers(
        (Hearer(one, able[one] & RECEIVERS, loads.get(one, 0)) for one in without(work, able, out)),
        TWO - len(live),
        _offices(work, shut_out_of(work, case.id)),
        frozenset[Role]().union(*(able[one.person_id] for one in live)),
    )
    for person_id in found:
        work.session.add(CaseReceiver(case_id=case.id, person_id=person_id, at=work.clock.now()))
        work.session.flush()
        say(work, case, "received")
    return len(live) + len(found)


def _able(work: Work, case: LegalCase) -> dict[int, frozenset[Role]]:
    """Who may receive it, one entry each, with the offices she holds."""
    held = {one for role in RECEIVERS for one in people_with_role(work, role)}
    away = [*shut_out_of(work, case.id), case.subject_person_id]
    offices = offices_of(work, held)
    return {
        one: frozenset(role for role, _begun, ended in offices[one] if ended is None)
        for one in without(work, sorted(held), away)
    }


def _offices(work: Work, person_ids: Collection[int]) -> frozenset[Role]:
    held = offices_of(work, person_ids).values()
    roles = {role for one in held for role, _begun, ended in one if ended is None}
    return frozenset(roles - {Role.MEMBER})


def _let_go(work: Work, case: LegalCase, person_ids: Collection[int]) -> None:
    for one in receivers_of(work, case.id):
        if one.person_id in person_ids:
            one.ended_at = work.clock.now()
    work.session.flush()


def _shut_out(work: Work, case: LegalCase, person_id: int) -> None:
    work.session.add(
        CaseShutOut(
            case_id=case.id,
            person_id=person_id,
            at=work.clock.now(),
            by_person_id=work.actor.person_id,
        )
    )
    work.session.flush()
    audit.log(
        work,
        "case_kept_from",
        object_type=CASE,
        object_id=case.id,
        subject_person_id=case.subject_person_id,
    )
