"""The access table (law P2): every page and who may open it, one module of rows per domain.

A route without a row keeps the application from starting.
"""

from __future__ import annotations

from union.kernel.errors import UnionError
from union.web.access import (
    bank,
    checkout,
    crisis,
    crisis_after,
    dues,
    home,
    identity,
    ledger,
    legal,
    members,
    messages,
    office,
    reports,
    welfare,
)
from union.web.access.row import EVERYONE, Relation, Row

__all__ = ["EVERYONE", "TABLE", "Relation", "Row", "UnlistedRouteError", "row_of"]

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
