"""An error of the database says the statement that failed and never what somebody wrote in it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from union.web.database import db

WORDS = "they took her at the bus stand"


def test_an_error_of_the_pages_own_connection_shows_no_values(applications, settings):
    with applications.of(settings).app_context(), db.engine.connect() as connection:
        with pytest.raises(DataError) as failed:
            connection.execute(
                text("SELECT 1 / length(:nothing), :words"), {"nothing": "", "words": WORDS}
            )
        assert "SELECT 1 / length" in str(failed.value)
        assert WORDS not in str(failed.value)
