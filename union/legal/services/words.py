"""The words of one case as they open to one reader; called by the case's one door only.

Invariant: what is sealed opens with the reader's own opened key and no other way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from union.infra.gone import gone_words, read_or_gone
from union.infra.rooms import RoomField, live_keys, open_from_room, room_secrets, rooms_of
from union.legal.queries.rooms import has_opening_words, readers_of
from union.legal.rules import Said

if TYPE_CHECKING:
    from nacl.public import PrivateKey

    from union.infra.rooms import CaseRoom
    from union.infra.sealing import OwnKey
    from union.infra.work import Work
    from union.legal.models import CaseEvent, CaseParty, LegalCase


@dataclass(frozen=True, slots=True)
class CaseWords:
    """What opens of a case; holds its rooms' secrets for one reading only."""

    work: Work
    case: LegalCase
    said: Said
    rooms: dict[int, CaseRoom]
    secrets: dict[int, PrivateKey] = field(repr=False)

    def text(self, place: str, line: CaseEvent | CaseParty) -> str | None:
        """The words of a line, or since when they are gone; None if closed to this reader."""
        if line.words is None:
            return None
        key_ref = self.case.key_ref
        if line.room_id is None:
            return read_or_gone(self.work, key_ref, place, line.ref, line.words)
        if not self.work.vault.opens(key_ref):
            return gone_words(self.work, key_ref)
        if line.room_id not in self.secrets:
            return None
        room, secret = self.rooms[line.room_id], self.secrets[line.room_id]
        return open_from_room(
            self.work, room, secret, RoomField(key_ref, place, line.ref), line.words
        )


def words_of(work: Work, case: LegalCase, own: OwnKey | None) -> CaseWords:
    """The words of a case for the present person, by her opened key if she has it open.

    A key of hers that did not end with what entitled her to it opens nothing here.
    """
    rooms = {room.id: room for room in rooms_of(work, case.id)}
    person_id = work.actor.person_id
    if own is None or own.person_id != person_id or person_id not in readers_of(work, case):
        return CaseWords(work, case, _closed(work, rooms), rooms, {})
    secrets = room_secrets(work, rooms.values(), own)
    said = Said.OPEN if secrets.keys() == rooms.keys() else Said.WAITS
    return CaseWords(work, case, said, rooms, secrets)


def _closed(work: Work, rooms: dict[int, CaseRoom]) -> Said:
    if not rooms:
        return Said.OPEN
    if not has_opening_words(work):
        return Said.NONE
    mine = [key for key in live_keys(work, rooms) if key.person_id == work.actor.person_id]
    return Said.SHUT if mine else Said.WAITS
