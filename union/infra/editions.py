"""What changes seldom, kept by a process for as long as its edition stands.

The database gives a list a new stamp with every change of its tables, in the same commit, and no
stamp is ever used twice: whoever has read what stands under one need not read it again. Only lists
that hold nobody's words or numbers are kept so, and what is kept is never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base

if TYPE_CHECKING:
    from union.infra.work import Work

PLACES = "places"
POLICIES = "policies"
SHELVES = 8
_STAMPS = "editions"

Kept = TypeVar("Kept")


class Edition(Base):
    """The stamp under which a list stands now; only the database's own triggers write it."""

    __tablename__ = "edition"

    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    stamp: Mapped[UUID]


_edition = Base.metadata.tables["edition"]
_ALL = select(_edition.c.name, _edition.c.stamp)


def kept(work: Work, name: str, key: Hashable, read: Callable[[], Kept]) -> Kept:
    """What ``read`` gives, read once per edition of the list ``name``; asked once in a work.

    Who changes the list in a work of its own forgets (``forget``), and reads its own change.
    """
    stamps: dict[str, UUID] | None = work.known.get(_STAMPS)
    if stamps is None:
        rows = work.session.execute(_ALL)
        stamps = work.known[_STAMPS] = {row.name: row.stamp for row in rows}
    stamp = stamps.get(name)
    if stamp is None:
        return read()
    shelf = _shelf(stamp)
    if key not in shelf:
        shelf[key] = read()
    found: Kept = shelf[key]
    return found


def forget(work: Work) -> None:
    """A list was changed here: its new stamp is read before anything kept is used."""
    work.known.pop(_STAMPS, None)


@lru_cache(maxsize=SHELVES)
def _shelf(_stamp: UUID) -> dict[Hashable, Any]:
    return {}
