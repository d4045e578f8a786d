"""P2: whoever joins two entries, or parts them, is neither: another woman's pages would be hers.

Each attack is tried through the services and as the application's login would send it.
"""

from __future__ import annotations

from itertools import count

import pytest

from tests.builders.ledger import acting_as
from tests.builders.members import make_member
from tests.laws.money import refused
from union.kernel.actor import Actor
from union.kernel.errors import NotAllowedError
from union.members.services.pairs import (
    decide_pair,
    merge_members,
    propose_pair,
    undo_merge,
)

SYSTEM = Actor.system("test")
AT = "2026-10-16T00:00:00Z"
JOIN = """INSERT INTO merge (ref, kept_person_id, gone_person_id, merged_at, merged_by)
          VALUES (%(ref)s, %(kept)s, %(gone)s, %(at)s, %(hand)s)"""

_refs = count()


def people(work, how_many: int) -> list[int]:
    return [make_member(work).person_id for _ in range(how_many)]


def hand_of(person_id: int) -> Actor:
    return Actor(person_id, None, frozenset())


@pytest.mark.parametrize("under", [0, 1, 2])
def test_nobody_makes_another_womans_entry_her_own(work, under):
    """Nor by an entry that was joined to hers before."""
    hers, other, earlier = people(work, 3)
    merge_members(work, hers, earlier)
    with acting_as(work, hand_of((hers, other, earlier)[under])):
        for pair in ((hers, other), (other, hers)):
            with pytest.raises(NotAllowedError):
                merge_members(work, *pair)
        asked = propose_pair(work, hers, other, [])
        for same in (True, False):
            with pytest.raises(NotAllowedError):
                decide_pair(work, asked.id, same=same)


def test_nobody_parts_her_own_entries(work):
    hers, other, stranger = people(work, 3)
    merge = merge_members(work, hers, other)
    for hand in (hers, other):
        with acting_as(work, hand_of(hand)), pytest.raises(NotAllowedError):
            undo_merge(work, merge.id)
    with acting_as(work, hand_of(stranger)):
        assert undo_merge(work, merge.id).undone_by == stranger


@pytest.fixture
def scene(committing) -> dict[str, int]:
    """A stranger, two women, and a third entry of the first of them."""
    with committing.begin(SYSTEM) as work:
        stranger, hers, other, earlier = people(work, 4)
        merge_members(work, hers, earlier)
    return {"stranger": stranger, "hers": hers, "other": other, "earlier": earlier}


def attack(slate, statement: str, **values) -> None:
    raw = slate.engine.raw_connection()
    try:
        with raw.cursor() as cursor:
            cursor.execute(statement, {"at": AT, **values})
        raw.commit()
    finally:
        raw.rollback()
        raw.close()


def join(slate, scene, hand: str) -> None:
    named = {"kept": scene["hers"], "gone": scene["other"], "hand": scene[hand]}
    attack(slate, JOIN, ref=f"join{next(_refs)}", **named)


def test_the_database_knows_whose_hand_joins(slate, scene):
    for hand in ("hers", "other", "earlier"):
        with refused("merge_by_another"):
            join(slate, scene, hand)
    join(slate, scene, "stranger")


def test_the_database_knows_whose_hand_parts_and_whose_is_written_in_later(slate, scene):
    part = "UPDATE merge SET undone_at = %(at)s, undone_by = %(hand)s"
    for statement in (part, "UPDATE merge SET merged_by = %(hand)s"):
        for hand in ("hers", "earlier"):
            with refused("merge_by_another"):
                attack(slate, statement, hand=scene[hand])
    attack(slate, part, hand=scene["stranger"])
