"""Districts with nobody certified at night: somebody is still found, and the board says so."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import pytest

from tests.builders.crisis import NIGHT
from tests.builders.members import make_branch, make_member
from union.crisis import services
from union.crisis.queries.board import board
from union.crisis.rules.choosing import on_shift
from union.crisis.rules.kinds import Kind, Shift
from union.members.services import NewBranch, add_branches

DATA = Path(__file__).parents[1] / "data"
GOES = {"responder", "team_lead"}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def without_anybody(local: datetime) -> list[str]:
    """The districts in which nobody who goes there is certified and on shift at that hour."""
    awake = defaultdict(int)
    for row in rows("teams.csv"):
        holds = row["certified_on"] <= local.date().isoformat() <= row["certificate_ends"]
        goes = holds and row["role"] in GOES and on_shift(Shift(row["shift"]), local)
        awake[row["district"]] += goes
    return [row["district"] for row in rows("districts.csv") if not awake[row["district"]]]


EMPTY = without_anybody(datetime(2026, 10, 16, 0, 30))  # noqa: DTZ001  the union's own local time


@pytest.fixture
def state(night):
    """All 31 districts with the teams of the file."""
    with night.unit.begin(NIGHT) as work:
        add_branches(
            work,
            [
                NewBranch(r["district"], (), r["headquarters"], float(r["lat"]), float(r["lon"]))
                for r in rows("districts.csv")
            ],
        )
        for number, card in enumerate(sorted({row["member"] for row in rows("teams.csv")})):
            make_member(
                work, make_branch(work), card_number=card, phone=f"{5_900_000_000 + number}"
            )
        taken = services.import_teams(work, (DATA / "teams.csv").read_text().splitlines())
        assert (taken.rows, taken.taken, taken.refused) == (166, 166, ())
        again = services.import_teams(work, (DATA / "teams.csv").read_text().splitlines())
        assert (again.taken, again.known) == (0, 166)
    return night


def test_there_are_such_districts_in_the_file():
    assert EMPTY == ["Chamarajanagara", "Hassan", "Kodagu", "Mandya"]


def test_somebody_is_still_found_and_the_board_says_that_nobody_was_near(state):
    for district in EMPTY:
        incident = state.call(district=district, place="bus stand", kind=Kind.CLIENT_VIOLENCE)
        assert len(state.asked(incident)) >= 2, district
        assert "nobody_suitable" in state.said(incident), district
    with state.unit.reading(NIGHT) as work:
        for watch in board(work).watches:
            assert watch.holes == ("nobody_near",)
            assert watch.nobody_coming
            assert all(one.where != watch.branch for one in watch.team)
