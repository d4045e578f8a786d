"""P1, P5: the files of the database, and a backup opened, show what a dump shows and no more."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.canary.planting import MARK, PLANTED
from tests.canary.searching import find_all
from tests.canary.test_whole_system import columns_with_a_word, words_in_the_open
from union.infra.backups import KEYS, MAIN
from union.infra.embedded.places import Runner, find_programs
from union.infra.sealed_files import open_file, opener

pytestmark = pytest.mark.outside

AS_IT_LIES = re.compile(
    b"|".join(
        re.escape(mark) + b"(?:" + figure + b")*"
        for mark, figure in (
            (MARK.encode(), rb"\d"),
            (MARK.encode("utf-16-le"), rb"\d\0"),
            (MARK.encode().hex().encode(), rb"3\d"),
        )
    ),
    re.IGNORECASE,
)
"""A word as the files of a database hold it: nothing is coded there, and no short word packed."""

NAMED_AHEAD = 24
"""So many figures name a piece of the log written ahead."""


def test_the_database_s_own_files_show_no_more_than_the_open_columns(system):
    pretended = columns_with_a_word(system.endpoints.simulator_url).values()
    written = (walker.pretended for walker in system.walkers.values())
    allowed = set().union(words_in_the_open(system), *pretended, *written)
    found: dict[str, set[str]] = {}
    for path in sorted((system.endpoints.data / "postgres").rglob("*")):
        if path.is_file():
            for word in set(AS_IT_LIES.findall(path.read_bytes())):
                found.setdefault(word.decode(errors="replace").lower(), set()).add(path.name)
    # The telephones of a demonstration are a table of their own, and not of any union that lives.
    written_ahead = {
        one for one, files in found.items() if any(len(name) == NAMED_AHEAD for name in files)
    }
    assert allowed & written_ahead, "the log written ahead was not searched"
    more = {
        one: files
        for one, files in found.items()
        if one not in allowed and not is_torn(one, files, allowed)
    }
    assert not more, (sorted(more), sorted(allowed))


def is_torn(part: str, files: set[str], allowed: set[str]) -> bool:
    """Whether it begins a word that may be there, in which a page of the log ended."""
    logged = all(len(name) == NAMED_AHEAD for name in files)
    return logged and any(word.startswith(part) for word in allowed)


def test_a_backup_opened_shows_what_a_dump_shows(system):
    shown = set()
    for kind in (MAIN, KEYS):
        for path in (system.backups / kind).glob(f"*-{kind}.sealed"):
            dump = system.temporary / "opened"
            dump.write_bytes(b"".join(open_file(path, opener(system.opens), kind)))
            shown |= find_all(as_text(dump), PLANTED)
            dump.unlink()
    assert shown == words_in_the_open(system)


def as_text(dump: Path) -> bytes:
    programs = find_programs(Runner.find())
    return subprocess.run(
        [programs.postgres / "pg_restore", "--file", "-", dump], check=True, capture_output=True
    ).stdout
