"""MB1: a book comes in whole and once, whoever sends it at the same moment, or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text

from tests.builders.members import DATA, make_circles, make_districts
from union.kernel.actor import Actor
from union.members.invariants import INVARIANTS
from union.members.models import ImportBatch, ImportRow, Member
from union.office.services import register_import
from union.office.services.register_import import import_register

SYSTEM = Actor.system("test")
BOOK = b"".join((DATA / "register.csv").read_bytes().splitlines(keepends=True)[:60])


@pytest.fixture
def ground(committing):
    with committing.begin(SYSTEM) as work:
        make_circles(work)
        make_districts(work)
    return committing


def counted(unit):
    with unit.reading(SYSTEM) as work:
        return [
            work.session.scalar(select(func.count()).select_from(table))
            for table in (Member, ImportRow, ImportBatch)
        ]


def bring_in(unit):
    with unit.begin(SYSTEM) as work:
        return import_register(work, BOOK)


def test_the_same_book_from_two_hands_at_once_is_one_book(ground):
    with ThreadPoolExecutor(2) as hands:
        outcomes = [future.result() for future in [hands.submit(bring_in, ground) for _ in "12"]]
    assert sorted(outcome.unchanged for outcome in outcomes) == [False, True]
    once = counted(ground)
    bring_in(ground)
    assert counted(ground) == once
    with ground.reading(SYSTEM) as work:
        broken = [n for n, query in INVARIANTS.items() if work.session.execute(text(query)).all()]
    assert broken == []


def test_a_book_that_breaks_off_at_its_last_step_leaves_nothing(ground, monkeypatch):
    def break_off(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(register_import, "open_arrears_batch", break_off)
    with pytest.raises(RuntimeError):
        bring_in(ground)
    assert counted(ground) == [0, 0, 0]
    monkeypatch.undo()
    assert not bring_in(ground).unchanged
