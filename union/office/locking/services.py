"""Locking the office, and two people bringing it back.

Invariant: what ends every office's sign-in, covers the keys and writes the lock down commits
together; nothing refuses it. The lock's secret is made and forgotten here and lies only in boxes
that two people, or two trustees' papers, open one after the other; nobody's key is changed but by
laying a layer on or taking that very layer off.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from nacl.public import PrivateKey
from sqlalchemy import select, update

from union.identity.rules.slips import new_slip, read_slip
from union.identity.services.sessions import end_all_offices
from union.infra import audit
from union.infra.lock_recovery import box_for_papers, is_let_in, keepers_of, opened_by_papers
from union.infra.office_locks import (
    OfficeLock,
    OfficeLockBox,
    OfficeLockKeeper,
    OfficeLockPaper,
    OfficeReopened,
    OfficeUnlock,
    OfficeUnlockPart,
    layer_batch,
    layer_later,
    peel_batch,
    standing_lock,
    take_turns,
)
from union.infra.pair_boxes import PairBoxWrongError, box_for_pairs, peel, secret_half
from union.infra.people import whose
from union.infra.recovery import newest_set
from union.infra.sealing import PersonalKey, open_own_key
from union.kernel.ids import new_ref
from union.office.locking.errors import (
    LockerWaitsError,
    LockPaperSpentError,
    NotALockKeeperError,
    OfficeOpenError,
)
from union.office.locking.queries import keepers_now, must_wait

if TYPE_CHECKING:
    from union.infra.work import UnitOfWork, Work
    from union.kernel.actor import Actor

PAPER = "token"
"""Under this purpose a paper's letters are hashed, as other one-time secrets are."""


class How(StrEnum):
    """By what it was locked."""

    PAGE = "page"
    PAPER = "paper"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Hand:
    """What somebody's hand came to: the first waits for another, the second brings it back.

    ``secret`` is the lock's own, in this request and nowhere else; None where nothing was covered.
    """

    lock_id: int
    is_second: bool
    secret: PrivateKey | None = field(default=None, repr=False)


def lock_office(work: Work, how: How, locked_by: int | None) -> OfficeLock | None:
    """Lock the office, or go on with a lock that stands; whoever is signed in to an office is out.

    None where there are not two people to bring it back: then sign-ins end and nothing else does.
    """
    take_turns(work.session)
    end_all_offices(work)
    lock = standing_lock(work.session)
    if lock is None:
        lock = _new_lock(work, how, locked_by)
    if lock is None:
        return None
    layer_batch(work, lock)
    layer_later(work, lock)
    audit.log(work, "office_locked", object_type="office_lock", object_id=lock.id)
    return lock


def print_lock_paper(work: Work) -> str:
    """Letters that lock the office once, for a drawer; shown now and never again.

    Under force they lock nothing and are kept nowhere: a lock in another's hand outlasts the hour.
    """
    letters = new_slip()
    if work.actor.duress:
        return letters
    paper = OfficeLockPaper(
        token_hash=_hashed(work, letters),
        made_by=work.actor.person_id,
        made_at=work.clock.now(),
    )
    work.session.add(paper)
    work.session.flush()
    audit.log(work, "lock_paper_printed", object_type="office_lock_paper", object_id=paper.id)
    return letters


def lock_by_paper(work: Work, letters: str) -> OfficeLock | None:
    """Lock it by the letters of a paper; LockPaperSpentError if they are none, or were used."""
    made_by = work.session.scalar(
        update(OfficeLockPaper)
        .where(
            OfficeLockPaper.token_hash == _hashed(work, letters), OfficeLockPaper.used_at.is_(None)
        )
        .values(used_at=work.clock.now())
        .returning(OfficeLockPaper.made_by)
    )
    if made_by is None:
        raise LockPaperSpentError
    return lock_office(work, How.PAPER, made_by)


def give_hand(work: Work, words: str) -> Hand:
    """The present person's hand, with her opening words, in bringing the office back.

    For whom two trustees' papers opened the lock, hers is the only hand that is needed.
    OfficeOpenError, NotALockKeeperError, LockerWaitsError; PassphraseWrongError.
    """
    take_turns(work.session)
    lock = standing_lock(work.session)
    if lock is None:
        raise OfficeOpenError
    if is_let_in(work, lock) and (by_papers := _by_papers(work, lock, words)) is not None:
        return by_papers
    keepers = keepers_of(work.session, lock)
    if work.actor.person_id not in keepers:
        raise NotALockKeeperError
    if must_wait(work, lock, keepers, work.actor.person_id):
        raise LockerWaitsError
    own = open_own_key(work, words).secret if lock.public_key is not None else None
    for part in _parts_for_her(work, lock, keepers):
        with suppress(PairBoxWrongError):
            secret = _both_opened(lock, part, own)
            _join_hands(work, part)
            return Hand(lock.id, is_second=True, secret=secret)
    _leave_parts(work, lock, keepers, own)
    return Hand(lock.id, is_second=False)


def bring_back(unit: UnitOfWork, actor: Actor, hand: Hand) -> None:
    """Take every layer off, some at a time, each time for good; then the office is open.

    After a kill the second hand is given once more and goes on where it was.
    """
    while hand.secret is not None:
        with unit.begin(actor) as work:
            lock = work.session.get_one(OfficeLock, hand.lock_id)
            if peel_batch(work, lock, hand.secret) == 0:
                break
    with unit.begin(actor) as work:
        reopen(work, hand.lock_id)


def reopen(work: Work, lock_id: int) -> None:
    """The office is open again; the database refuses it while a layer is left.

    Whoever sent the same hand at the same time finds it open and changes nothing.
    """
    take_turns(work.session)
    if work.session.get(OfficeReopened, lock_id) is not None:
        return
    work.session.add(OfficeReopened(lock_id=lock_id, reopened_at=work.clock.now()))
    work.session.flush()
    audit.log(work, "office_reopened", object_type="office_lock", object_id=lock_id)


def _new_lock(work: Work, how: How, locked_by: int | None) -> OfficeLock | None:
    people = keepers_now(work)
    if not people:
        return None
    keys = {person: key for person, key in people.items() if key is not None}
    secret = PrivateKey.generate() if keys.keys() == people.keys() else None
    lock = OfficeLock(
        ref=new_ref(),
        locked_at=work.clock.now(),
        locked_by=locked_by,
        how=how.value,
        public_key=bytes(secret.public_key) if secret is not None else None,
    )
    work.session.add(lock)
    work.session.flush()
    for person_id in people:
        work.session.add(OfficeLockKeeper(lock_id=lock.id, person_id=person_id))
    work.session.flush()
    boxes = box_for_pairs(bytes(secret), keys) if secret is not None else {}
    for (first, second), box in boxes.items():
        work.session.add(
            OfficeLockBox(lock_id=lock.id, first_person_id=first, second_person_id=second, box=box)
        )
    work.session.flush()
    of = newest_set(work)
    if of is not None:
        box_for_papers(work, lock, secret, of)
    return lock


def _by_papers(work: Work, lock: OfficeLock, words: str) -> Hand | None:
    """Her hand where two papers opened the lock for her; None if what lies there opens nothing.

    Written down once; after a kill it is found written.
    """
    if work.session.get(PersonalKey, work.actor.person_id) is None:
        return None
    found = opened_by_papers(work, lock, open_own_key(work, words).secret)
    if found is None:
        return None
    secret, proof = found
    if work.session.get(OfficeUnlock, lock.id) is None:
        work.session.add(OfficeUnlock(lock_id=lock.id, made_at=work.clock.now(), proof=proof))
        work.session.flush()
        audit.log(work, "office_opened_by_papers", object_type="office_lock", object_id=lock.id)
    return Hand(lock.id, is_second=True, secret=secret)


def _parts_for_her(
    work: Work, lock: OfficeLock, keepers: tuple[int, ...]
) -> list[OfficeUnlockPart]:
    """What first hands left for her, the earliest first; never one of her own, nor the locker's.

    Whoever writes to the database could lay something here that opens nothing, or in the name of
    whoever locked and is none of the two: the next is tried.
    """
    me = work.actor.person_id
    left = work.session.scalars(
        select(OfficeUnlockPart)
        .where(OfficeUnlockPart.lock_id == lock.id, OfficeUnlockPart.second_person_id == me)
        .order_by(OfficeUnlockPart.made_at, OfficeUnlockPart.id)
    ).all()
    people = whose(work.session, {me, *(one.first_person_id for one in left)})
    return [
        one
        for one in left
        if people[one.first_person_id] != people[me]
        and not must_wait(work, lock, keepers, one.first_person_id)
    ]


def _both_opened(
    lock: OfficeLock, part: OfficeUnlockPart, own: PrivateKey | None
) -> PrivateKey | None:
    """The lock's secret by the second hand; None where nothing was covered. PairBoxWrongError."""
    if own is None or lock.public_key is None:
        return None
    return secret_half(peel(part.part, own), lock.public_key)


def _leave_parts(
    work: Work, lock: OfficeLock, keepers: tuple[int, ...], own: PrivateKey | None
) -> None:
    """Her outer boxes are opened; what is in each is for one other, and lies here for that one."""
    me, now = work.actor.person_id, work.clock.now()
    for second in keepers:
        pair = {"lock_id": lock.id, "first_person_id": me, "second_person_id": second}
        if second == me:
            continue
        part = b""
        if own is not None:
            part = peel(work.session.get_one(OfficeLockBox, pair).box, own)
        lies = select(OfficeUnlockPart.id).filter_by(**pair, part=part)
        if work.session.scalar(lies) is None:
            work.session.add(OfficeUnlockPart(**pair, part=part, made_at=now))
    work.session.flush()
    audit.log(work, "office_first_hand", object_type="office_lock", object_id=lock.id)


def _join_hands(work: Work, part: OfficeUnlockPart) -> None:
    """Written down once; a second hand after a kill finds it written."""
    if work.session.get(OfficeUnlock, part.lock_id) is not None:
        return
    work.session.add(
        OfficeUnlock(
            lock_id=part.lock_id,
            first_person_id=part.first_person_id,
            second_person_id=part.second_person_id,
            made_at=work.clock.now(),
        )
    )
    work.session.flush()
    audit.log(work, "office_second_hand", object_type="office_lock", object_id=part.lock_id)


def _hashed(work: Work, letters: str) -> bytes:
    return work.vault.fingerprint(PAPER, f"office_lock:{read_slip(letters)}")
