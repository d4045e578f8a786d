"""The words of a case, closed into its room: who holds the key, and when a new epoch begins.

Invariant: a case is sealed altogether or not at all; words go in without any secret; a new epoch
begins with the first words after somebody may read no more, or may from now on. While nobody who
may read has opening words, the words lie in the operational tier and are sealed as soon as one has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.infra.keystore import KeyGoneError
from union.infra.rooms import (
    CaseRoomKey,
    Holders,
    RoomField,
    keepers_public_key,
    live_keys,
    make_room,
    newest_room,
    public_keys,
    room_secrets,
    rooms_of,
    seal_to_room,
    wrap_for,
)
from union.infra.sealing import CASE_KEEPERS, circle_secret
from union.kernel.actor import Actor
from union.legal.errors import NobodyReadsError
from union.legal.models import CaseEvent, CaseParty, LegalCase
from union.legal.queries.rooms import (
    cases_read_by,
    cases_to_let_into,
    cases_to_seal,
    is_keeper,
    keepers_may,
    readers_of,
)
from union.legal.services.waiting import note_waits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union.infra.rooms import CaseRoom
    from union.infra.sealing import OwnKey
    from union.infra.work import UnitOfWork, Work

EVENT_WORDS = "case_event.words"
PARTY_WORDS = "case_party.words"

_MANY = 200
_SYSTEM = Actor.system("keys")


def close_words(
    work: Work, case: LegalCase, place: str, row: str, text: str
) -> tuple[bytes, int | None]:
    """Words of a case as they are kept, and the room they are sealed to, if there can be one.

    The case is locked. NobodyReadsError where it is sealed and nobody who may read it now has
    opening words: what is written would be lost.
    """
    room = room_for_words(work, case)
    if room is None:
        return work.vault.encrypt(case.key_ref, place, row, text), None
    return seal_to_room(work, room, RoomField(case.key_ref, place, row), text), room.id


def room_for_words(work: Work, case: LegalCase) -> CaseRoom | None:
    """The room into which words go now, made anew where others may read than hold the newest."""
    room, holders = newest_room(work, case.id), holders_now(work, case)
    if room is not None and _is_theirs(work, room, holders):
        return room
    if not holders:
        if room is not None:
            raise NobodyReadsError(case_id=case.id)
        return None
    made = make_room(work, case.id, 1 if room is None else room.epoch + 1, holders)
    if room is None:
        _seal_what_is_there(work, case, made)
    return made


def holders_now(work: Work, case: LegalCase) -> Holders:
    """For whom the case's key would be wrapped now."""
    keepers = keepers_public_key(work) if keepers_may(work, case) else None
    return Holders(public_keys(work, readers_of(work, case)), keepers)


def settle(work: Work, case: LegalCase, own: OwnKey | None = None) -> None:
    """Let in whoever may read and holds no key yet, and end the keys of whoever may no more.

    The first needs an opened key of somebody who holds one, or keeps keys of cases; the second
    nobody's. The last key of a room never ends: with it nobody could be let in.
    """
    rooms = rooms_of(work, case.id)
    if not rooms:
        return
    _let_in_and_out(work, case, rooms, own)
    note_waits(work, case)


def begin_waits(work: Work, ids: Mapping[str, int]) -> None:
    """Handler of ``opening_words_chosen``: from now on she can be let in, and waits for it."""
    for case_id in cases_read_by(work, ids["person_id"]):
        case = work.session.get_one(LegalCase, case_id, with_for_update=True)
        settle(work, case)


def _let_in_and_out(work: Work, case: LegalCase, rooms: list[CaseRoom], own: OwnKey | None) -> None:
    holders = holders_now(work, case)
    secrets = {}
    hers = own is not None and own.person_id == work.actor.person_id
    if own is not None and hers and _anybody_missing(work, rooms, holders):
        _lock(work, case)
        through = circle_secret(work, CASE_KEEPERS, own) if is_keeper(work) else None
        secrets = room_secrets(work, rooms, own, through)
    for room in rooms:
        if room.id in secrets:
            wrap_for(work, room, secrets[room.id], _missing(work, room, holders))
    _end_keys(work, case, rooms, holders)


def let_others_in(work: Work, own: OwnKey) -> int:
    """Let into the words of cases whoever waits for it and may; how many cases there were."""
    waiting = cases_to_let_into(work)
    for case in waiting:
        settle(work, case, own)
    return len(waiting)


def seal_cases(unit: UnitOfWork) -> int:
    """Seal what was written into cases before there were rooms; how many cases.

    One unit of work for each, so that it goes on after a kill. A case nobody could open, and one
    that was erased, is left as it is.
    """
    sealed, after = 0, 0
    while True:
        with unit.reading(_SYSTEM) as work:
            found = cases_to_seal(work, after, _MANY)
        if not found:
            return sealed
        for case_id in found:
            with unit.begin(_SYSTEM) as work:
                sealed += seal_case(work, case_id)
        after = found[-1]


def seal_case(work: Work, case_id: int) -> bool:
    """Make the first room of a case, if somebody could open it; whether there is one now."""
    case = work.session.get_one(LegalCase, case_id, with_for_update=True, populate_existing=True)
    if not _is_kept(work, case):
        return False
    return newest_room(work, case.id) is not None or room_for_words(work, case) is not None


def _is_kept(work: Work, case: LegalCase) -> bool:
    try:
        work.vault.preload([case.key_ref])
        work.vault.encrypt(case.key_ref, EVENT_WORDS, case.ref, "")
    except KeyGoneError:
        return False
    return True


def _is_theirs(work: Work, room: CaseRoom, holders: Holders) -> bool:
    keys = work.session.scalars(select(CaseRoomKey).where(CaseRoomKey.room_id == room.id)).all()
    people = {key.person_id for key in keys} - {None}
    return (
        all(key.ended_at is None for key in keys)
        and people == set(holders.people)
        and any(key.circle for key in keys) == (holders.keepers is not None)
    )


def _seal_what_is_there(work: Work, case: LegalCase, room: CaseRoom) -> None:
    events = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.words.is_not(None))
    for event in work.session.scalars(events).all():
        _seal_line(work, case, room, EVENT_WORDS, event)
    parties = select(CaseParty).where(CaseParty.case_id == case.id)
    for party in work.session.scalars(parties).all():
        _seal_line(work, case, room, PARTY_WORDS, party)


def _seal_line(
    work: Work, case: LegalCase, room: CaseRoom, place: str, line: CaseEvent | CaseParty
) -> None:
    if line.words is None:
        return
    field = RoomField(case.key_ref, place, line.ref)
    text = work.vault.decrypt(case.key_ref, place, line.ref, line.words)
    sealed = seal_to_room(work, room, field, text)
    table = line.__tablename__
    work.session.execute(select(func.case_words_seal(table, line.id, room.id, sealed)))
    work.session.expire(line)


def _anybody_missing(work: Work, rooms: list[CaseRoom], holders: Holders) -> bool:
    return any(_missing(work, room, holders) for room in rooms)


def _missing(work: Work, room: CaseRoom, holders: Holders) -> Holders:
    live = live_keys(work, [room.id])
    there = {key.person_id for key in live}
    people = {one: key for one, key in holders.people.items() if one not in there}
    kept = any(key.circle for key in live)
    return Holders(people, None if kept else holders.keepers)


def _end_keys(work: Work, case: LegalCase, rooms: list[CaseRoom], holders: Holders) -> None:
    if not any(_over(work, case, room, holders) for room in rooms):
        return
    _lock(work, case)
    for room in rooms:
        for key in _over(work, case, room, holders):
            key.ended_at = work.clock.now()
    work.session.flush()


def _over(work: Work, case: LegalCase, room: CaseRoom, holders: Holders) -> list[CaseRoomKey]:
    """Keys of a room whose holders may read no more, but for the last that there is."""
    may, keepers = set(readers_of(work, case)), holders.keepers is not None
    live = live_keys(work, [room.id])
    over = [key for key in live if not (keepers if key.circle else key.person_id in may)]
    return over[: len(live) - 1]


def _lock(work: Work, case: LegalCase) -> None:
    work.session.refresh(case, with_for_update=True)
