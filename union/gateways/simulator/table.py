"""Reads of the simulated telephones: what lies on the table, and whether it changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, Table, func, select

from union.gateways.simulator.store import handset, phone_call, shown_text

if TYPE_CHECKING:
    from sqlalchemy import Engine

SHOWN = 12
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Handset:
    """One telephone as it lies on the table, newest things first."""

    number: str
    ref: str
    label: str
    switched_on: bool
    seized: bool
    texts: Sequence[Row[*tuple[Any, ...]]]
    calls: Sequence[Row[*tuple[Any, ...]]]


def handsets(engine: Engine) -> list[Handset]:
    """Every telephone, those with the newest words first."""
    with engine.connect() as connection:
        rows = connection.execute(select(handset)).all()
        texts = _newest(connection.execute(_latest(shown_text)).all())
        calls = _newest(connection.execute(_latest(phone_call)).all())
    found = [
        Handset(
            row.number,
            row.ref,
            row.label,
            row.switched_on,
            row.seized,
            texts.get(row.number, ()),
            calls.get(row.number, ()),
        )
        for row in rows
    ]
    return sorted(found, key=_last_at, reverse=True)


def version(engine: Engine) -> str:
    """Changes whenever a telephone shows something else."""
    with engine.connect() as connection:
        texts = connection.execute(select(func.max(shown_text.c.id))).scalar()
        calls = connection.execute(
            select(func.max(phone_call.c.id), func.sum(phone_call.c.presses))
        ).one()
        states = connection.execute(
            select(phone_call.c.state, func.count()).group_by(phone_call.c.state)
        ).all()
    return str((texts, *calls, sorted(tuple(row) for row in states)))


def _latest(table: Table) -> Select[*tuple[Any, ...]]:
    rank = func.row_number().over(partition_by=table.c.number, order_by=table.c.id.desc())
    ranked = select(table, rank.label("rank")).subquery()
    return select(ranked).where(ranked.c.rank <= SHOWN).order_by(ranked.c.id.desc())


def _newest(
    rows: Sequence[Row[*tuple[Any, ...]]],
) -> dict[str, Sequence[Row[*tuple[Any, ...]]]]:
    found: defaultdict[str, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in rows:
        found[row.number].append(row)
    return dict(found)


def _last_at(phone: Handset) -> tuple[datetime, str]:
    times = [row.at for row in (*phone.texts[:1], *phone.calls[:1])]
    return max(times, default=LONG_AGO), phone.number
