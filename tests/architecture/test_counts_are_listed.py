"""P4: no count of people or of what concerns them without a line that says why it may be told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.counted import BEHIND, LISTED
from union.kernel.access import UNTIED, Relation
from union.web.access import TABLE

HOUSE = Path(__file__).parents[2]
COUNTS = re.compile(r"\bfunc\.count\(|\bcount\(\*\)|\bcount\(DISTINCT", re.IGNORECASE)
PLURAL = re.compile(r"ngettext\(\s*(['\"])(.*?)\1", re.DOTALL)
PEOPLE = re.compile(
    r"%\((?:num|people|many|members)\)s(?: of)?(?: \w+)? "
    r"(?:members?|persons?|people|calls?|cases?|complaints?|claims?|incidents?|wom[ae]n)\b"
)
NOT_SHOWN = {"invariants.py"}


def says_how_many(text):
    return any(PEOPLE.search(found[1]) for found in PLURAL.findall(text))


def counting():
    """Every module that has the database count, and every text that says how many."""
    for path in (HOUSE / "union").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name not in NOT_SHOWN and (COUNTS.search(text) or says_how_many(text)):
            yield path.relative_to(HOUSE / "union").as_posix()
    for path in (HOUSE / "templates").rglob("*.html"):
        if says_how_many(path.read_text(encoding="utf-8")):
            yield path.relative_to(HOUSE / "templates").as_posix()


def test_every_count_is_listed_and_every_line_is_of_one():
    found = set(counting())
    assert found - LISTED == set(), "say in tests/architecture/counted.py why it may be told"
    assert LISTED - found == set(), "nothing is counted there any more"


@pytest.mark.parametrize(("page", "behind"), sorted(set(BEHIND.values())))
def test_whoever_sees_a_count_may_open_each_thing_behind_it(page, behind):
    sees, opens = TABLE[page], TABLE[behind]
    assert sees.roles <= opens.roles
    whole = sees.relation in {Relation.WHOLE, opens.relation}
    assert opens.relation in UNTIED or sees.roles <= opens.every or whole


def test_a_new_count_would_be_found():
    assert COUNTS.search("select(func.count(Incident.id))")
    assert COUNTS.search("SELECT count(*) FILTER (WHERE x)")
    assert says_how_many('{{ ngettext("%(num)s call came", "%(num)s calls came", many) }}')
    assert not says_how_many('{{ ngettext("%(num)s paper", "%(num)s papers", many) }}')
