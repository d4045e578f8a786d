"""Asking for many at once: as one array, for a statement may not carry 65,536 single values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute


def among(column: InstrumentedAttribute[Any], values: Iterable[object]) -> ColumnElement[bool]:
    """Whether the column is one of the values, however many there are."""
    listed = bindparam(None, list(values), type_=ARRAY(column.type))
    return column == func.any(listed)
