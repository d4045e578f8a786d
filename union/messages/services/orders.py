"""In which order a person wants to be told things; she alone says it.

What she said last counts, here or to whoever keeps the register.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from union.infra import audit
from union.kernel.errors import UnionError
from union.messages.models import WayOrder
from union.messages.rules.reach import channel_of
from union.messages.services.places import herself, tell_of_change

if TYPE_CHECKING:
    from union.infra.work import Work


class Sort(StrEnum):
    """What an order of ways is for."""

    DUTY = "duty"
    ORDINARY = "ordinary"


class NoWayForDutyError(UnionError):
    """Whoever may be called must leave one way at least."""

    code = "no_way_for_duty"


def set_order(work: Work, sort: Sort, ways: Sequence[str]) -> None:
    """Her ways, the first first; none for ordinary things means that she wants none of them.

    NoWayForDutyError without any for duty; ValueError for a way nobody knows.
    """
    person_id = herself(work)
    named = [channel_of(way).value for way in dict.fromkeys(ways)]
    if sort is Sort.DUTY and not named:
        raise NoWayForDutyError
    said = {"ways": named, "said_at": work.clock.now()}
    work.session.execute(
        insert(WayOrder)
        .values(person_id=person_id, sort=sort.value, **said)
        .on_conflict_do_update(index_elements=["person_id", "sort"], set_=said)
    )
    tell_of_change(work, person_id)
    audit.log(
        work,
        f"ways_said_{sort.value}",
        object_type="way_order",
        object_id=person_id,
        subject_person_id=person_id,
    )


def orders_of(work: Work) -> Mapping[Sort, Sequence[str]]:
    """What she said of each; an order she never named is not there."""
    rows = work.session.scalars(select(WayOrder).where(WayOrder.person_id == herself(work)))
    return {Sort(row.sort): tuple(row.ways) for row in rows}
