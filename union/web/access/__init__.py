"""The access table (law P2): every page and who may open it, one module of rows per domain.

A route without a row keeps the application from starting.
"""

from __future__ import annotations

from union.kernel.access import Relation
from union.kernel.errors import UnionError
from union.web.access import (
    bank,
    checkout,
    crisis,
    crisis_after,
    dues,
    erasing,
    home,
    identity,
    ledger,
    legal,
    locking,
    members,
    messages,
    office,
    opening,
    readings,
    reports,
    retention,
    welfare,
)
from union.web.access.row import EVERYONE, OURS, LooseRowError, Row

__all__ = [
    "EVERYONE",
    "OURS",
    "TABLE",
    "LooseRowError",
    "Relation",
    "Row",
    "UnlistedRouteError",
    "row_of",
]

_ROWS = (
    Row("static", public=True),
    *home.ROWS,
    *identity.ROWS,
    *ledger.ROWS,
    *members.ROWS,
    *messages.ROWS,
    *dues.ROWS,
    *crisis.ROWS,
    *crisis_after.ROWS,
    *welfare.ROWS,
    *legal.ROWS,
    *checkout.ROWS,
    *bank.ROWS,
    *office.ROWS,
    *opening.ROWS,
    *erasing.ROWS,
    *locking.ROWS,
    *readings.ROWS,
    *retention.ROWS,
    *reports.ROWS,
)

TABLE: dict[str, Row] = {row.endpoint: row for row in _ROWS}


class UnlistedRouteError(UnionError):
    """A route stands outside the access table."""

    code = "unlisted_route"


def row_of(endpoint: str) -> Row:
    """The row of a page; UnlistedRouteError if it has none."""
    try:
        return TABLE[endpoint]
    except KeyError:
        raise UnlistedRouteError(endpoint=endpoint) from None
