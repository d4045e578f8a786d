"""C6: a GET answers nothing. C7: the engine asks certified people only. C8: dues are unknown."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

import union.crisis
from tests.builders.crisis import as_person, make_in_charge, make_responder, report
from tests.builders.members import make_branch
from union.crisis import services
from union.crisis.models import Incident, Page
from union.crisis.rules.kinds import AskedAs
from union.kernel.actor import Actor, Role

NIGHT = Actor.system("test")


def test_reading_the_page_of_a_token_changes_nothing(committing, monkeypatch):
    monkeypatch.setattr("union.crisis.services.paging.new_token", iter("abcdef").__next__)
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        for _ in range(3):
            make_responder(work, bidar)
        report(work)
    for _ in range(3):
        with committing.begin(NIGHT) as work:
            page = services.page_of_token(work, "a")
            assert page.state == "asked"
    with committing.reading(NIGHT) as work:
        assert {page.state for page in work.session.scalars(select(Page))} == {"asked"}


def test_nobody_without_a_certificate_in_force_is_asked(committing):
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        for ends in (date(2026, 10, 15), date(2026, 10, 1)):
            make_responder(work, bidar, starts_on=date(2024, 1, 1), ends_on=ends)
        make_responder(work, bidar, starts_on=date(2026, 10, 17))
        today = make_responder(work, bidar, starts_on=date(2024, 1, 1), ends_on=date(2026, 10, 16))
        report(work)
        asked = work.session.scalars(select(Page.person_id)).all()
    assert asked == [today]


@pytest.mark.parametrize("change", ["person_id = person_id + 1", "asked_on = '2031-01-01'"])
def test_the_database_refuses_a_page_without_one(committing, change):
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        for _ in range(4):
            make_responder(work, bidar)
        report(work)
    with (
        pytest.raises(IntegrityError, match="no certificate in force"),
        committing.begin(NIGHT) as work,
    ):
        work.session.execute(text(f"UPDATE page SET {change} WHERE id = 1"))


def test_a_coordinator_may_call_somebody_lately_lapsed_and_it_is_marked(committing):
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        lapsed = make_responder(work, bidar, ends_on=date(2026, 9, 30))
        coordinator = make_in_charge(work, Role.COORDINATOR)
        incident_id = report(work).incident_id
    with as_person(committing, coordinator) as work:
        page = services.call_lapsed(
            work, incident_id, lapsed, AskedAs.RESPONDER, "she lives next door"
        )
        assert page.lapsed_override_by == coordinator
    with committing.reading(NIGHT) as work:
        codes = work.session.scalars(text("SELECT code FROM incident_event")).all()
    assert "lapsed_called" in codes


def test_nobody_suitable_goes_to_those_in_charge_and_the_board_says_so(committing):
    with committing.begin(NIGHT) as work:
        make_branch(work)
        coordinator = make_in_charge(work, Role.COORDINATOR)
        incident = work.session.get_one(Incident, report(work).incident_id)
        asked = work.session.execute(select(Page.person_id, Page.asked_as)).all()
        codes = work.session.scalars(text("SELECT code FROM incident_event")).all()
    assert asked == [(coordinator, AskedAs.COORDINATOR)]
    assert "nobody_suitable" in codes
    assert incident.state == "seeking"


def test_crisis_has_never_heard_of_dues_or_standing():
    for path in Path(union.crisis.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                assert not name.startswith(("union.dues", "union.ledger", "union.welfare")), path


def test_who_is_asked_does_not_change_with_what_she_owes(committing):
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        people = [make_responder(work, bidar) for _ in range(3)]
        work.session.execute(
            text(
                "INSERT INTO member_fee (person_id, fee_minor, from_on)"
                " SELECT person_id, 0, '2026-01-01' FROM member WHERE person_id = :her"
            ),
            {"her": people[0]},
        )
        report(work)
        assert set(work.session.scalars(select(Page.person_id))) == set(people)
