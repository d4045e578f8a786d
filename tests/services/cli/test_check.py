from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from union.cli.check import find_invariants, find_violations
from union.infra.work import Work

INVARIANTS = find_invariants()


def test_every_domain_that_promises_something_is_asked() -> None:
    assert {name.partition(".")[0] for name in INVARIANTS} >= {"ledger", "dues", "crisis"}


@pytest.mark.parametrize("name", sorted(INVARIANTS))
def test_a_law_can_be_asked_and_an_empty_union_breaks_none(work: Work, name: str) -> None:
    assert work.session.execute(text(INVARIANTS[name])).all() == []


@pytest.mark.parametrize("name", sorted(INVARIANTS))
def test_a_law_only_reads(name: str) -> None:
    assert re.match(r"\s*(SELECT|WITH)\b", INVARIANTS[name])


def test_rows_found_are_the_violations(work: Work) -> None:
    asked = {"a.holds": "SELECT 1 WHERE false", "a.broken": "VALUES (1, 'x'), (2, 'y')"}
    assert find_violations(work, asked) == {"a.broken": ["(1, 'x')", "(2, 'y')"]}
