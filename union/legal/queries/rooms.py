"""Who may read the words of a case, and whose key is still missing; opens nothing.

Who may is asked of the database, which holds every key it is given to the same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Exists,
    Select,
    SQLColumnExpression,
    cast,
    func,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from union.identity.queries import people_with_role
from union.infra.people import Person, one_person
from union.infra.rooms import CaseRoom, CaseRoomKey
from union.infra.sealing import CASE_KEEPERS, CircleKey, PersonalKey
from union.legal.models import CaseReceiver, CaseShare, CaseWait, LegalCase
from union.legal.queries.holders import holders_of, not_kept_from
from union.legal.rules import MAY_KEEP, WAIT_OFFICES, WAIT_STEPS

if TYPE_CHECKING:
    from union.infra.work import Work
    from union.kernel.actor import Role


def readers_of(work: Work, case: LegalCase) -> list[int]:
    """Everybody who may read its words now, whether she has opening words or not."""
    shown = select(CaseShare.person_id).where(
        CaseShare.case_id == case.id, CaseShare.ended_at.is_(None)
    )
    named = {*holders_of(work, case), *work.session.scalars(shown)} - {None}
    opens = func.case_room_opens_to(case.id, Person.id, work.clock.now())
    return list(
        work.session.scalars(
            select(Person.id).where(Person.id.in_(named), opens).order_by(Person.id)
        )
    )


def keepers_may(work: Work, case: LegalCase) -> bool:
    """Whether its key may lie with the keepers: there are some, none kept out, none's own."""
    nobody = cast(null(), BigInteger)
    return bool(
        work.session.scalar(select(func.case_room_opens_to(case.id, nobody, work.clock.now())))
    )


def is_keeper(work: Work) -> bool:
    """Whether the present person keeps keys of cases."""
    held = select(CircleKey.person_id).where(
        CircleKey.circle == CASE_KEEPERS,
        CircleKey.person_id == work.actor.person_id,
        CircleKey.revoked_at.is_(None),
    )
    return work.session.scalar(held) is not None


def cases_to_let_into(work: Work) -> list[LegalCase]:
    """Cases into whose words the present person can let somebody who waits for that.

    None that goes around her, nor her own, though she may hold the last key of one.
    """
    mine, theirs = aliased(CaseRoomKey), aliased(CaseRoomKey)
    mine_or_kept = [mine.person_id == work.actor.person_id]
    if is_keeper(work):
        mine_or_kept.append(mine.circle == CASE_KEEPERS)
    readers = _readers(work).subquery()
    waits = (
        select(LegalCase)
        .join(CaseRoom, CaseRoom.case_id == LegalCase.id)
        .join(mine, mine.room_id == CaseRoom.id)
        .join(readers, readers.c.case_id == LegalCase.id)
        .join(PersonalKey, PersonalKey.person_id == readers.c.person_id)
        .where(
            mine.ended_at.is_(None),
            or_(*mine_or_kept),
            not_kept_from(work.actor.person_id),
            one_person(LegalCase.subject_person_id).is_distinct_from(
                one_person(work.actor.person_id)
            ),
            func.case_room_opens_to(LegalCase.id, readers.c.person_id, work.clock.now()),
            ~select(theirs.id)
            .where(
                theirs.room_id == CaseRoom.id,
                theirs.ended_at.is_(None),
                theirs.person_id == readers.c.person_id,
            )
            .exists(),
        )
        .distinct()
        .order_by(LegalCase.id)
    )
    return list(work.session.scalars(waits))


def waiting_for(work: Work, case_id: int) -> list[int]:
    """Who may read the words of a case, has opening words, and is to be let in by somebody."""
    readers = _readers(work).subquery()
    return list(
        work.session.scalars(
            select(readers.c.person_id)
            .join(PersonalKey, PersonalKey.person_id == readers.c.person_id)
            .join(CaseRoom, CaseRoom.case_id == readers.c.case_id)
            .where(
                readers.c.case_id == case_id,
                func.case_room_opens_to(case_id, readers.c.person_id, work.clock.now()),
                ~_live_key_of(CaseRoom.id, readers.c.person_id),
            )
            .distinct()
            .order_by(readers.c.person_id)
        )
    )


def who_lets_in(work: Work, case_id: int, person_id: int) -> list[int]:
    """Who could let this person into a case: keepers of its key, then others who hold it.

    Only of those whose work on cases opens the page on which it is done.
    """
    missing = (
        select(CaseRoomKey.person_id, CaseRoomKey.circle)
        .join(CaseRoom, CaseRoom.id == CaseRoomKey.room_id)
        .where(
            CaseRoom.case_id == case_id,
            CaseRoomKey.ended_at.is_(None),
            ~_live_key_of(CaseRoom.id, person_id),
        )
        .order_by(CaseRoomKey.id)
    )
    held = work.session.execute(missing).all()
    kept = any(key.circle for key in held)
    keepers = select(CircleKey.person_id).where(
        CircleKey.circle == CASE_KEEPERS, CircleKey.revoked_at.is_(None)
    )
    first = work.session.scalars(keepers.order_by(CircleKey.made_at, CircleKey.person_id)).all()
    named = [*(first if kept else ()), *(key.person_id for key in held if key.person_id)]
    works = {one for role in MAY_KEEP for one in people_with_role(work, role)}
    return [one for one in dict.fromkeys(named) if one in works]


def office_of_waits(work: Work) -> Role | None:
    """Which office hears of waits that last: the first that somebody holds for the whole union.

    Not whether anybody of it may hear of this case: another office that heard instead would know
    around whom it goes.
    """
    held = (role for role in WAIT_OFFICES if people_with_role(work, role, whole=True))
    return next(held, None)


def waits_of_office(work: Work) -> list[int]:
    """Waits that last so long that the office was told, but of cases that go around who looks."""
    present = work.actor.person_id
    return list(
        work.session.scalars(
            select(CaseWait.id)
            .join(LegalCase)
            .where(
                CaseWait.ended_at.is_(None),
                CaseWait.steps == WAIT_STEPS,
                not_kept_from(present),
                one_person(LegalCase.subject_person_id).is_distinct_from(one_person(present)),
            )
            .order_by(CaseWait.id)
        )
    )


def cases_read_by(work: Work, person_id: int) -> list[int]:
    """Cases this person may be named in as who reads them, by number."""
    readers = _readers(work).subquery()
    named = select(readers.c.case_id).where(readers.c.person_id == person_id).distinct()
    return list(work.session.scalars(named.order_by(readers.c.case_id)))


def has_opening_words(work: Work) -> bool:
    """Whether the present person has chosen opening words."""
    return work.session.get(PersonalKey, work.actor.person_id) is not None


def cases_to_seal(work: Work, after: int, at_most: int) -> list[int]:
    """Cases without a room, by number, from after this one on."""
    return list(
        work.session.scalars(
            select(LegalCase.id)
            .where(
                LegalCase.id > after,
                ~select(CaseRoom.id).where(CaseRoom.case_id == LegalCase.id).exists(),
            )
            .order_by(LegalCase.id)
            .limit(at_most)
        )
    )


def _live_key_of(room_id: SQLColumnExpression[int], who: SQLColumnExpression[int] | int) -> Exists:
    held = aliased(CaseRoomKey)
    return (
        select(held.id)
        .where(held.room_id == room_id, held.ended_at.is_(None), held.person_id == who)
        .exists()
    )


def _readers(work: Work) -> Select[int, int]:
    """Cases and whoever is named in them so that she may read; some may not after all."""
    has = select(LegalCase.id.label("case_id"), LegalCase.assignee_person_id.label("person_id"))
    receives = select(CaseReceiver.case_id, CaseReceiver.person_id).where(
        CaseReceiver.ended_at.is_(None)
    )
    shown = select(CaseShare.case_id, CaseShare.person_id).where(
        CaseShare.ended_at.is_(None), CaseShare.until_at > work.clock.now()
    )
    both = union_all(
        has.where(LegalCase.assignee_person_id.is_not(None)), receives, shown
    ).subquery()
    return select(both.c.case_id, both.c.person_id)
