"""Telephones that a call rings so that somebody is put on its line, as a real provider would.

Whoever picks up hears `joining.WORDS` and must press the key; until then the first call waits. Only
the store is touched: what came of it is told through the door by `phones`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, insert, select, update

from union.gateways import joining
from union.gateways.simulator.gateway import find_handset
from union.gateways.simulator.store import phone_call

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

WAITS = "waits"
"""The state of a call while telephones ring for it."""

MOST_AT_ONCE = 10
_FOR = "-r"


def ring_for(
    connection: Connection, call: Row[*tuple[Any, ...]], numbers: Sequence[str], at: datetime
) -> None:
    """Ring these telephones for a call, which waits meanwhile."""
    for place, number in enumerate(numbers[:MOST_AT_ONCE]):
        on = find_handset(connection, number)
        connection.execute(
            insert(phone_call).values(
                key=f"{call.key}{_FOR}{call.presses}-{place}",
                number=number,
                incoming=True,
                state="ringing" if on else "missed",
                script=asdict(joining.SCRIPT),
                heard=[],
                typed="",
                presses=0,
                at=at,
            )
        )


def waits_for(connection: Connection, leg: Row[*tuple[Any, ...]]) -> Row[*tuple[Any, ...]] | None:
    """The call for which this telephone was rung, locked; None if it was rung for itself."""
    key, found, _rest = leg.key.rpartition(_FOR)
    if not found:
        return None
    return connection.execute(
        select(phone_call).where(phone_call.c.key == key).with_for_update()
    ).one_or_none()


def legs_of(
    connection: Connection, call: Row[*tuple[Any, ...]], *states: str
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The telephones rung for a call that stand in one of these states."""
    return connection.execute(
        select(phone_call).where(
            phone_call.c.key.startswith(f"{call.key}{_FOR}", autoescape=True),
            phone_call.c.state.in_(states),
        )
    ).all()


def let_ring_out(connection: Connection, call: Row[*tuple[Any, ...]]) -> None:
    """The other telephones of a call stop ringing, or are put down."""
    for state, later in (("ringing", "missed"), ("talking", "ended")):
        connection.execute(
            update(phone_call)
            .where(phone_call.c.id.in_([leg.id for leg in legs_of(connection, call, state)]))
            .values(state=later)
        )
