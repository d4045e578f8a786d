"""What several attacks ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from tests.cluster import Database
from union.infra.db import owner_engine


@pytest.fixture
def owner(database: Database) -> Iterator[Connection]:
    """Whoever may let what counts rows count anew."""
    engine = owner_engine(database.owner_url)
    with engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")
    engine.dispose()
