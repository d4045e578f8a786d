"""The outside world of the simulator: handsets, what they got, and how well the gateways are.

A database of its own, never the union's: what stands here in the clear is what a telephone shows
to whoever holds it. Nothing of the union's is read from here but through the door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
)

from union.infra.db import psycopg_url

if TYPE_CHECKING:
    from sqlalchemy import Engine

metadata = MetaData()

# SQLite numbers a row by itself only if its key is an INTEGER; a replay may run on SQLite.
_RowId = BigInteger().with_variant(Integer, "sqlite")

handset = Table(
    "handset",
    metadata,
    Column("number", String(20), primary_key=True),
    Column("ref", String(12), nullable=False, unique=True),
    Column("label", String(80), nullable=False),
    Column("switched_on", Boolean, nullable=False),
    Column("seized", Boolean, nullable=False),
)

shown_text = Table(
    "shown_text",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("key", String(60), nullable=False, unique=True),
    Column("number", String(20), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("incoming", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("shown_text_number_ix", "number", "id"),
)

phone_call = Table(
    "phone_call",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("key", String(60), nullable=False, unique=True),
    Column("number", String(20), nullable=False),
    Column("incoming", Boolean, nullable=False),
    Column("state", String(8), nullable=False),
    Column("script", JSON, nullable=False),
    Column("heard", JSON, nullable=False),
    Column("typed", String(8), nullable=False),
    Column("presses", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("phone_call_number_ix", "number", "id"),
)

knock = Table(
    "knock",
    metadata,
    Column("id", _RowId, primary_key=True),
    Column("key", String(60), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""Every time a gateway was asked, with what key: how a test sees what came twice."""

weather = Table(
    "weather",
    metadata,
    Column("channel", String(8), primary_key=True),
    Column("mode", String(10), nullable=False),
    Column("seconds", Float, nullable=False),
)
"""How a gateway is: well, slow, refusing or dead. No row means well."""


def create_schema(engine: Engine) -> None:
    """Make the tables that are missing."""
    metadata.create_all(engine)


def open_store(url: str) -> Engine:
    """An engine on the outside world, with room for as many calls as are made at once."""
    return create_engine(psycopg_url(url), pool_size=10, max_overflow=40, pool_pre_ping=True)
