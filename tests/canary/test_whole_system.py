"""P1, P5: a word is written into every field of the whole product; then all it keeps is searched.

The demonstration is made of files with words planted in them, the product runs as a person starts
it, each of its people opens her pages and fills every form; then databases, Redis, logs and files
are searched through every wrapping. Each place that is searched is shown to give up a word.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import LargeBinary, inspect, text

from tests.canary.planting import MARK, PLANTED
from tests.canary.searching import find_all
from tests.redis_dump import everything_in
from union.infra.db import libpq_url, owner_engine
from union.infra.embedded.places import Runner, find_programs
from union.infra.kept import KEPT, Tier

pytestmark = pytest.mark.outside

SPOKEN = {"landmark.name", "landmark.also_written"}
"""Columns of the register that lie open and in which somebody's words are found."""

FEWEST_FORMS = 120
"""So many different forms were filled at least, or the search would prove little."""

CONTROL = f"{MARK}88888888"
"""Laid into each place that is searched, to see that it would be found there."""


def test_everybody_walked_far_and_nothing_broke(system):
    for name, walker in system.walkers.items():
        assert walker.met[200] > 10, (name, walker.met)
        assert walker.planted["words"] > 5, (name, walker.planted)
    forms = set().union(*(one.sent for one in system.walkers.values()))
    assert len(forms) >= FEWEST_FORMS, sorted(forms)
    broken = {name: one.broken for name, one in system.walkers.items() if one.broken}
    log = (system.endpoints.data / "logs" / "union.log").read_text()
    said = [line for line in log.splitlines() if "page_failed" in line]
    assert broken == {}, "\n".join(said)


def columns_with_a_word(url: str) -> dict[str, set[str]]:
    """Of each column the planted words that can be read in it by whoever has the database."""
    engine, found = owner_engine(url), {}
    try:
        with engine.connect() as connection:
            inspector = inspect(connection)
            for table in inspector.get_table_names():
                for column in inspector.get_columns(table):
                    as_bytes = isinstance(column["type"], LargeBinary)
                    what = f'"{column["name"]}"' if as_bytes else f'"{column["name"]}"::text'
                    rows = connection.execute(
                        text(f'SELECT {what} FROM "{table}" WHERE "{column["name"]}" IS NOT NULL')
                    ).scalars()
                    whole = b"\n".join(bytes(r) if as_bytes else r.encode() for r in rows)
                    if words := find_all(whole, PLANTED):
                        found[f"{table}.{column['name']}"] = words
    finally:
        engine.dispose()
    return found


def test_no_column_shows_what_somebody_wrote(system):
    found = columns_with_a_word(system.endpoints.owner_database_url)
    found |= columns_with_a_word(system.endpoints.keystore_owner_url)
    may = {one.place for one in KEPT if one.tier is Tier.OPEN}
    assert {name: sorted(words)[:3] for name, words in found.items() if name not in may} == {}
    assert set(found) & may >= SPOKEN, "nothing is found where words do lie open"


def words_in_the_open(system) -> set[str]:
    return set().union(*columns_with_a_word(system.endpoints.owner_database_url).values())


def test_no_dump_shows_more_than_the_open_columns(system):
    allowed, found = words_in_the_open(system), set()
    for url in (system.endpoints.owner_database_url, system.endpoints.keystore_owner_url):
        for form in ("plain", "custom"):
            found |= find_all(dumped(url, form), PLANTED)
    assert found == allowed


def dumped(url: str, form: str) -> bytes:
    """What somebody takes along who has the database's password."""
    programs = find_programs(Runner.find())
    return subprocess.run(
        [programs.postgres / "pg_dump", "--format", form, libpq_url(url)],
        check=True,
        capture_output=True,
    ).stdout


def test_redis_shows_nothing_not_even_of_who_tried_too_often(system):
    assert b"\nLIMITS" in b"\n" + system.counting, "nobody was counted"
    assert find_all(system.counting, PLANTED) == set()
    with Redis.from_url(system.endpoints.redis_url) as redis:
        assert find_all(everything_in(redis), PLANTED) == set()
        redis.set("control", CONTROL)
        assert find_all(everything_in(redis), PLANTED) == {CONTROL}
        redis.delete("control")


def searched(folder: Path) -> dict[str, set[str]]:
    """Of every file of ours below a folder the planted words in it or in its name."""
    found = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and "postgres" not in inside.parts:
            words = find_all(str(inside).encode() + b"\n" + path.read_bytes(), PLANTED)
            words -= {CONTROL} if "redis" in inside.parts else set()
            if words:
                found[str(inside)] = words
    return found


def test_logs_and_files_show_nothing(system):
    said = system.log.read_bytes()
    assert find_all(said, PLANTED) == set()
    for folder in (system.temporary, system.endpoints.data):
        assert searched(folder) == {}, folder
        control = folder / "control.txt"
        control.write_text(CONTROL)
        assert searched(folder) == {"control.txt": {CONTROL}}
        control.unlink()
