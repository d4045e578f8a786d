"""The base of every table, its column kinds and the engine; never a table of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Engine, Identity, MetaData, String, create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMES = {
    "ix": "%(table_name)s_%(column_0_N_name)s_ix",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}

BigId = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
"""A row's own number, for inside only."""

Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
"""An aware instant, kept in UTC."""

Ref = Annotated[str, mapped_column(String(12), unique=True)]
"""A public reference (``kernel.ids.new_ref``), the only id a URL may carry."""

KeyRef = Annotated[UUID, mapped_column(postgresql.UUID(as_uuid=True))]
"""The data key of the row's subject, in the key store."""


class Base(DeclarativeBase):
    """The plain declarative base, handed to Flask-SQLAlchemy so that no model knows Flask."""

    metadata = MetaData(naming_convention=NAMES)


APPLICATION_ROLE = "sangha_app"
"""The application always acts in this role, which owns nothing: the owner's rights stay away."""

SESSION_OPTIONS = "-c timezone=UTC -c statement_timeout=30000 -c lock_timeout=8000"


def psycopg_url(url: str) -> str:
    """The same address with our driver named; a password in it is kept."""
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def libpq_url(url: str) -> str:
    """The same address as PostgreSQL's own programs read it; a password in it is kept."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def application_engine(url: str, pool_size: int = 10, *, ping: bool = True) -> Engine:
    """An engine whose every connection acts as the application's role, in milliseconds' limits.

    A statement is given up after 30 s and a lock after 8 s: nobody waits for ever. Without
    ``ping`` a connection that was lost is found out when it is used: for who tries again. An error
    says the statement and never its values.
    """
    return create_engine(
        psycopg_url(url),
        hide_parameters=True,
        pool_size=pool_size,
        pool_pre_ping=ping,
        connect_args={"options": f"-c role={APPLICATION_ROLE} {SESSION_OPTIONS}"},
    )


def owner_engine(url: str) -> Engine:
    """An engine with the rights of whoever the address names: migrations and setup only."""
    options = {"options": "-c timezone=UTC"}
    return create_engine(psycopg_url(url), hide_parameters=True, connect_args=options)
