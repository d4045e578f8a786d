"""The register of what is kept: every column that could hold a word has its line, and a true one.

Held by the tables themselves: a column that holds no words is one whose every value the database
knows (a list, a pattern, another table's key) or a reference.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from functools import cache
from pathlib import Path

from sqlalchemy import CheckConstraint, Column, Enum, LargeBinary, String, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

import union
from union.infra.db import Base
from union.infra.kept import KEPT, Tier

HOUSE = Path(__file__).parents[2] / "union"
PLACE = re.compile(r'"([a-z_]+\.[a-z_]+)"')
MAKES_TABLES = re.compile(r"union\.(\w+\.)+models(\.\w+)?$|union\.infra\.\w+$")
NOT_THE_VAULTS = {"round_line.content"}
"""Closed by the collector's telephone, for the key of its device."""


@cache
def columns() -> dict[str, Column]:
    for module in pkgutil.walk_packages(union.__path__, "union."):
        if MAKES_TABLES.match(module.name):
            importlib.import_module(module.name)
    tables = Base.metadata.tables.values()
    return {f"{table.name}.{one.name}": one for table in tables for one in table.columns}


def could_hold_words(column: Column) -> bool:
    if isinstance(column.type, (LargeBinary, JSONB)):
        return True
    kind = column.type.item_type if isinstance(column.type, ARRAY) else column.type
    if not isinstance(kind, String) or isinstance(kind, Enum):
        return False
    return not (column.foreign_keys or column.name == "ref" or held_to_codes(column))


def held_to_codes(column: Column) -> bool:
    laws = (one for one in column.table.constraints if isinstance(one, CheckConstraint))
    said = rf"\b{column.name}\b( IN |::text = ANY| = ANY| ~ | <@|\) ~ )"
    return any(re.search(said, str(law.sqltext)) for law in laws)


def end_of(way: str, column: Column) -> Column:
    """Where a way of columns leads, from a row of this column's table."""
    *steps, last = way.split(".")
    table = column.table
    for step in steps:
        (key,) = table.columns[step].foreign_keys
        table = key.column.table
    return table.columns[last]


def test_every_column_that_could_hold_words_has_one_line():
    needed = {place for place, column in columns().items() if could_hold_words(column)}
    listed = Counter(one.place for one in KEPT)
    assert needed - listed.keys() == set(), "say in union/infra/kept what is kept there"
    assert listed.keys() - needed == set(), "no such column, or one that needs no line"
    assert [place for place, lines in listed.items() if lines > 1] == []


def test_what_is_sensitive_lies_closed_under_a_key_its_line_leads_to():
    for one in KEPT:
        column = columns()[one.place]
        assert (one.key is not None) == one.is_sensitive, one.place
        if one.key is None:
            continue
        assert isinstance(column.type, LargeBinary), one.place
        key = end_of(one.key, column)
        closed_too = f"{key.table.name}.{key.name}" in {kept.place for kept in KEPT}
        assert isinstance(key.type, Uuid) or closed_too, one.place


def test_what_lies_open_says_why_and_nothing_else_does():
    assert [one.place for one in KEPT if (one.tier is Tier.OPEN) != bool(one.why.strip())] == []


def test_no_bytes_are_called_codes_and_no_codes_bytes():
    for one in KEPT:
        is_bytes = isinstance(columns()[one.place].type, LargeBinary)
        if one.tier in {Tier.CODE, Tier.OPEN}:
            assert not is_bytes, one.place


def test_what_the_vault_closes_is_what_the_register_calls_closed():
    said = {
        place
        for path in HOUSE.rglob("*.py")
        if "kept" not in path.parts
        for place in PLACE.findall(path.read_text(encoding="utf-8"))
        if place in columns() and isinstance(columns()[place].type, LargeBinary)
    }
    assert said == {one.named for one in KEPT if one.is_sensitive} - NOT_THE_VAULTS
