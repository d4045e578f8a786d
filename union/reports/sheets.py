"""A report as plain values: columns, rows and a foot; screen and every printer show this one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

Cell = str | int | date | None
"""Text, minor units or a count by its column's kind, a day, or nothing."""


class Kind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    DATE = "date"


class Weight(StrEnum):
    """What a row is: a line, a heading over lines, or a total under them."""

    LINE = "line"
    HEAD = "head"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's words and kind."""

    words: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Row:
    """One row; as many cells as there are columns, or one for a heading."""

    cells: tuple[Cell, ...]
    weight: Weight = Weight.LINE


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole report. ``code`` names its file; ``first_line`` says what it comes to.

    ``foot`` are the lines under it, the end of the chain of seals among them.
    """

    code: str
    title: str
    span: str
    first_line: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    foot: Sequence[str] = field(default=())


def money_columns(names: Sequence[str]) -> list[Column]:
    """Columns of money with these words."""
    return [Column(name, Kind.MONEY) for name in names]


def head(words: str) -> Row:
    """A heading over the lines that follow."""
    return Row((words,), Weight.HEAD)


def total(*cells: Cell) -> Row:
    """A total under the lines before."""
    return Row(cells, Weight.TOTAL)
