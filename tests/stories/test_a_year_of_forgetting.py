"""A year goes by, night by night at its ends: every kind has aged by its rule, nothing held has."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders.members import make_member
from tests.builders.retention import PLANTS, Garden
from union.cli.check import find_invariants, find_violations
from union.infra.retention import RetentionKey, RetentionRun, begin_ageing
from union.infra.timers import fire_due
from union.kernel.actor import Actor
from union.office.retention.collected import RULES, TIMERS

TEST = Actor.system("test")
YEAR = timedelta(days=365)


@pytest.fixture
def garden(committing, fresh_database, clock):
    with committing.begin(TEST) as work:
        make_member(work)
        begin_ageing(work)
    return Garden(fresh_database, clock.now())


def nights(committing, clock, count: int) -> None:
    for _ in range(count):
        clock.advance(timedelta(days=1))
        while fire_due(committing, TIMERS):
            pass


def test_a_year_goes_by(garden, committing, clock, fresh_database):
    """What becomes too old within the year goes, what does not stays; a held case stays whole."""
    goes, stays = {}, {}
    for number, kind in enumerate(sorted(PLANTS), 1000):
        days = timedelta(days=RULES[kind].days)
        goes[kind] = (number, garden.plant(kind, number, days - timedelta(days=300)))
        stays[kind] = (number + 500, garden.plant(kind, number + 500, days - YEAR * 2))
    held = garden.plant("cases", 900, timedelta(days=9000))
    with garden.connect() as connection:
        connection.execute(
            "INSERT INTO legal_hold (ref, subject_type, subject_id, why, key_ref, words, placed_by,"
            " placed_at, until_at) VALUES ('h', 'case', 900, 'court_case', gen_random_uuid(), '',"
            " 1, %(at)s, %(at)s + interval '8700 hours')",
            {"at": clock.now()},
        )
    nights(committing, clock, 7)
    for kind, (number, key) in goes.items():
        assert garden.stands(kind, number, key), f"{kind} is not old enough"
    clock.advance(timedelta(days=320))
    Garden(fresh_database, clock.now()).plant("readings", 1999, timedelta(0))
    nights(committing, clock, 9)
    for kind, (number, key) in goes.items():
        assert not garden.stands(kind, number, key), f"{kind} is too old"
    for kind, (number, key) in stays.items():
        assert garden.stands(kind, number, key), f"{kind} is not old enough"
    assert garden.stands("cases", 900, held), "a court may ask for it"
    with committing.reading(TEST) as work:
        assert work.session.query(RetentionRun).filter_by(done_at=None).count() == 0
        assert work.session.query(RetentionKey).filter_by(destroyed_at=None).count() == 0
        ours = {name: query for name, query in find_invariants().items() if "retention" in name}
        assert ours
        assert find_violations(work, ours) == {}
