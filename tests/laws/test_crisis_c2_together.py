"""C2: an incident, its first pages, their messages and timers commit together or not at all."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.builders.crisis import make_responder, report
from tests.builders.members import make_branch
from union.crisis.rules.kinds import Kind
from union.kernel.actor import Actor

NIGHT = Actor.system("test")
TABLES = ("contact", "incident", "page", "message", "attempt", "incident_event")


def counts(unit) -> dict[str, int]:
    with unit.reading(NIGHT) as work:
        ask = work.session.scalar
        return {table: ask(text(f"SELECT count(*) FROM {table}")) for table in TABLES}


@pytest.fixture
def team(committing):
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        return [make_responder(work, bidar) for _ in range(3)]


def test_one_commit_holds_all_of_it(committing, team):
    with committing.begin(NIGHT) as work:
        report(work)
    found = counts(committing)
    assert found["incident"] == 1
    assert found["page"] == found["message"] == found["attempt"] == 3


@pytest.mark.parametrize(
    "broken",
    [
        "union.crisis.services.paging.send_all",
        "union.crisis.services.paging.set_timers",
        "union.crisis.services.search.set_timer",
        "union.crisis.services.search.ask_step",
        "union.crisis.services.asking.ask_people",
    ],
)
def test_whatever_breaks_on_the_way_leaves_nothing(committing, team, monkeypatch, broken):
    def break_off(*_given, **_named):
        raise RuntimeError(broken)

    monkeypatch.setattr(broken, break_off)
    with pytest.raises(RuntimeError), committing.begin(NIGHT) as work:
        report(work)
    assert set(counts(committing).values()) == {0}


def test_an_incident_for_which_nobody_was_looked_is_refused(committing, team, monkeypatch):
    monkeypatch.setattr("union.crisis.services.search.ask_step", lambda *_given: 0)
    with (
        pytest.raises(IntegrityError, match="nobody was looked for"),
        committing.begin(NIGHT) as work,
    ):
        report(work)
    assert set(counts(committing).values()) == {0}


def test_a_place_alone_is_enough(committing, team):
    with committing.begin(NIGHT) as work:
        contact = report(work, kind=Kind.UNKNOWN, district=None, people=None)
        assert contact.incident_id is not None
    assert counts(committing)["page"] == 3
