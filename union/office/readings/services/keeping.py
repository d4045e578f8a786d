"""Two trustees keep the chain's ends on paper, each in her own hand.

Invariant: nobody keeps both places; under a head that does not hold nobody signs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.identity.services import check_own_password
from union.infra import audit
from union.infra.people import is_present
from union.infra.person_signing import sign_as_person
from union.infra.reading_seals import broken_heads, newest_heads
from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError
from union.office.models.readings import ReadingHeadReceipt, ReadingKeeper
from union.office.readings.errors import (
    HeadDoesNotHoldError,
    HeadNotNewestError,
    KeeperAlreadyError,
    KeepersFullError,
    NotAKeeperError,
)
from union.office.readings.queries.keeping import keepers
from union.office.readings.rules import PLACES

if TYPE_CHECKING:
    from union.infra.reading_seals import ReadingHead
    from union.infra.work import Work


def take_place(work: Work) -> ReadingKeeper:
    """Keep the list from now on; KeepersFullError, KeeperAlreadyError."""
    person_id = _trustee(work)
    held = keepers(work)
    if is_present(work, *held.values()):
        raise KeeperAlreadyError
    free = next((place for place in PLACES if place not in held), None)
    if free is None:
        raise KeepersFullError
    return _write(work, free, person_id, person_id)


def give_up_place(work: Work) -> ReadingKeeper:
    """Keep it no longer; NotAKeeperError."""
    person_id = _trustee(work)
    return _write(work, _place_of(work), None, person_id)


def write_head_down(work: Work, seen: str, password: str) -> ReadingHeadReceipt:
    """Sign that the newest head stands on her paper; a second time changes nothing.

    ``seen`` are the figures on the page she looked at: HeadNotNewestError if they are not the
    newest any more. HeadDoesNotHoldError, NotAKeeperError, PassphraseWrongError.
    """
    person_id = _trustee(work)
    _place_of(work)
    check_own_password(work, password)
    newest = newest_heads(work.session, 1)
    if not newest or newest[0].figures != seen:
        raise HeadNotNewestError
    head = newest[0]
    ours = work.vault.our_keys
    if any(broken_heads(work.session, ours)):
        raise HeadDoesNotHoldError
    held = work.session.get(ReadingHeadReceipt, (head.id, person_id))
    if held is not None:
        return held
    signed = sign_as_person(work, person_id, password, receipt_text(head).encode())
    receipt = ReadingHeadReceipt(
        head_id=head.id,
        person_id=person_id,
        written_at=work.clock.now(),
        public_key=signed.public_key,
        signature=signed.value,
    )
    work.session.add(receipt)
    work.session.flush()
    audit.log(work, "reading_head_written", object_type="reading_head", object_id=head.id)
    return receipt


def receipt_text(head: ReadingHead) -> str:
    """What a trustee signs: that she wrote exactly this head down."""
    return "|".join(
        ("readings-receipt-v1", str(head.id), head.said_on.isoformat(), head.seal_hash.hex())
    )


def _trustee(work: Work) -> int:
    if work.actor.person_id is None or not work.actor.has(Role.TRUSTEE):
        raise NotAllowedError
    return work.actor.person_id


def _place_of(work: Work) -> int:
    mine = (place for place, person in keepers(work).items() if is_present(work, person))
    place = next(mine, None)
    if place is None:
        raise NotAKeeperError
    return place


def _write(work: Work, place: int, person_id: int | None, by: int) -> ReadingKeeper:
    row = ReadingKeeper(place=place, person_id=person_id, made_at=work.clock.now(), made_by=by)
    work.session.add(row)
    work.session.flush()
    audit.log(work, "reading_place_changed", object_type="reading_keeper", object_id=place)
    return row
