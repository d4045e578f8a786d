"""Which collector a person is, whichever of her joined entries collects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from union.dues.models import Collector
from union.infra.people import one_person

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def collector_of(session: Session, person_id: int | None) -> Collector | None:
    """The collector she is, under the entry named if that collects, else under another of hers."""
    return session.scalar(
        select(Collector)
        .where(one_person(Collector.person_id) == one_person(person_id))
        .order_by((Collector.person_id == person_id).desc(), Collector.id)
        .limit(1)
    )
