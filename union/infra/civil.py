"""Civil days out of instants inside a question to the database; never a clock of its own."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, SQLColumnExpression, cast, func

from union.infra.db import Instant


def civil_day(instant: SQLColumnExpression[Instant], zone: ZoneInfo) -> ColumnElement[date]:
    """The day of an instant in the union's zone: 02:00 on 1 November in India is not October."""
    return cast(func.timezone(zone.key, instant), Date)
