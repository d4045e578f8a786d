"""A restore asks of every reference whether its key is there: what is none is listed."""

from __future__ import annotations

from sqlalchemy import Uuid

from tests.migrations.test_schema import load_models
from union.infra.db import Base
from union.infra.embedded.beside import NOT_KEYS


def test_every_reference_to_a_key_is_told_from_what_is_none():
    load_models()
    others = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Uuid) and not column.name.endswith(("key_ref", "words_key"))
    }
    assert others == NOT_KEYS
