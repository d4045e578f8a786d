"""The ways through the house: what a person came to do, not what the tables are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import LazyString, lazy_gettext

from union.web.access import row_of

if TYPE_CHECKING:
    from union.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Entry:
    """One way: its words and the page it leads to."""

    label: LazyString
    endpoint: str


ENTRIES: tuple[Entry, ...] = (Entry(lazy_gettext("Today"), "home.home"),)


def entries_for(actor: Actor) -> list[Entry]:
    """The ways open to this actor, in the order of the table."""
    return [
        entry
        for entry in ENTRIES
        if actor.account_id is not None and actor.has(*row_of(entry.endpoint).roles)
    ]
