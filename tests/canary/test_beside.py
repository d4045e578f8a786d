"""P5: nothing that was written is shown beside the files: in statements, commands, processes.

Nor does a request that is none leave a line that holds it, or a statement that fails its values.
"""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.canary.planting import MARK, NUMBER, PLANTED
from tests.canary.searching import find_all

RUDE = 12
"""So many of those who knock rudely are answered at least."""

SHOWN = {"statements": b"$1", "commands": b"LIMITS", "processes": b"SANGHA_DATA"}
"""What is surely seen there, or the looking was in vain."""

FAILS = (
    "INSERT INTO branch (ref, name) VALUES (left(:word, 12), :word)",
    "INSERT INTO account (code, name, kind) VALUES (:word, :word, :word)",
    "INSERT INTO command (key, name, request_hash) VALUES (:word, :word, NULL)",
    "SELECT 1 / (length(:word) - length(:word))",
    "SELECT :word || repeat('x', 2000000000)",
)


@pytest.mark.outside
@pytest.mark.parametrize("place", SHOWN)
def test_what_is_shown_of_a_running_union_holds_no_word(system, place):
    assert SHOWN[place] in system.beside[place]
    assert find_all(system.beside[place], PLANTED) == set()


@pytest.mark.outside
def test_those_who_knocked_rudely_were_heard(system):
    assert system.answered >= RUDE


@pytest.mark.parametrize("statement", FAILS)
def test_a_statement_that_fails_leaves_no_value_in_any_log(cluster, engine, statement):
    word, number = f"{MARK}55555555", f"{NUMBER}555"
    log = cluster.cluster.log
    begun = log.stat().st_size
    with engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text(statement), {"word": word + number})
    said = log.read_bytes()[begun:]
    assert b"ERROR" in said
    assert find_all(said, PLANTED) == set()
    shown = str(caught.value).replace(str(caught.value.orig), "")
    assert find_all(shown.encode(), PLANTED) == set()
