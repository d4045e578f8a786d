"""How the chain of readings is kept: who writes its ends down, and what is late or broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.identity.queries import people_with_role
from union.infra.people import is_present
from union.infra.reading_seals import ReadingHead, broken_heads, count_unsealed, newest_heads
from union.infra.signed_heads import BrokenHead
from union.kernel.actor import Role
from union.office.models.readings import ReadingHeadReceipt, ReadingKeeper
from union.office.readings.rules import PLACES, Keeping, Trouble, troubles

if TYPE_CHECKING:
    from union.infra.work import Work

SHOWN_HEADS = 14
SEALED_BY_THEN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Place:
    """One of the two places; ``person_id`` None where nobody keeps it who is a trustee now."""

    number: int
    person_id: int | None
    mine: bool


@dataclass(frozen=True, slots=True)
class HeadLine:
    """One day's head, who of the two wrote it down, and whether it holds (``code``: why not)."""

    head: ReadingHead
    written: frozenset[int]
    code: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """All of it for the trustees' page."""

    places: tuple[Place, ...]
    heads: tuple[HeadLine, ...]
    broken: tuple[BrokenHead, ...]
    troubles: tuple[tuple[Trouble, int], ...]
    unsealed: int

    @property
    def mine(self) -> Place | None:
        """The place of whoever looks, if she keeps one."""
        return next((one for one in self.places if one.mine), None)

    @property
    def free(self) -> int | None:
        """The first place that nobody keeps."""
        return next((one.number for one in self.places if one.person_id is None), None)


def keepers(work: Work) -> dict[int, int]:
    """Who keeps each place; a place whose keeper is no trustee any more is free."""
    trustees = set(people_with_role(work, Role.TRUSTEE))
    newest = select(func.max(ReadingKeeper.id)).group_by(ReadingKeeper.place)
    rows = work.session.scalars(select(ReadingKeeper).where(ReadingKeeper.id.in_(newest)))
    return {one.place: one.person_id for one in rows if one.person_id in trustees}


def kept(work: Work) -> Kept:
    """How the chain is kept, for a trustee who looks."""
    held = keepers(work)
    ours = work.vault.our_keys
    broken = {one.head_id: one for one in broken_heads(work.session, ours)}
    heads = newest_heads(work.session, SHOWN_HEADS)
    return Kept(
        places=tuple(
            Place(one, held.get(one), mine=one in held and is_present(work, held[one]))
            for one in PLACES
        ),
        heads=tuple(
            HeadLine(
                head,
                frozenset(place for place, person in held.items() if (head.id, person) in written),
                broken[head.id].code if head.id in broken else None,
            )
            for written in (_written(work, heads),)
            for head in heads
        ),
        broken=tuple(broken.values()),
        troubles=tuple(troubles_now(work)),
        unsealed=count_unsealed(work.session),
    )


def has_figures_to_write(work: Work) -> bool:
    """Whether whoever looks keeps a place and has not written the newest head down."""
    mine = [person for person in keepers(work).values() if is_present(work, person)]
    heads = newest_heads(work.session, 1)
    return bool(mine and heads) and (heads[0].id, mine[0]) not in _written(work, heads)


def troubles_now(work: Work) -> list[tuple[Trouble, int]]:
    """What ``union doctor`` and the trustees' page say of the keeping, if anything."""
    held = keepers(work)
    said = work.session.execute(
        select(func.min(ReadingHead.said_on), func.max(ReadingHead.said_on))
    ).one()
    keeping = Keeping(
        taken=frozenset(held),
        written={place: day for place, person in held.items() if (day := _last_day(work, person))},
        first_said=said[0],
        last_said=said[1],
        waits=count_unsealed(work.session, work.clock.now() - SEALED_BY_THEN),
    )
    return troubles(keeping, work.clock.today())


def _last_day(work: Work, person_id: int) -> date | None:
    return work.session.scalar(
        select(func.max(ReadingHead.said_on))
        .join(ReadingHeadReceipt, ReadingHeadReceipt.head_id == ReadingHead.id)
        .where(ReadingHeadReceipt.person_id == person_id)
    )


def _written(work: Work, heads: Sequence[ReadingHead]) -> set[tuple[int, int]]:
    rows = work.session.execute(
        select(ReadingHeadReceipt.head_id, ReadingHeadReceipt.person_id).where(
            ReadingHeadReceipt.head_id.in_([one.id for one in heads])
        )
    )
    return {(row.head_id, row.person_id) for row in rows}
