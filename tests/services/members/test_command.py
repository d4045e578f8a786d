"""``union members``: what is printed, in words by row, and the sums as the last line."""

from __future__ import annotations

import contextlib
import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tests.builders.members import DATA, make_circles
from union.cli import members
from union.kernel.actor import Actor
from union.members.models import Branch, Member

BOOK = """Sl,Card,Called,Name in register,Mobile,District,Born,Joined on,Fee per month,Paid upto
1,KA/80001,Rani,Zqxasha,5845012341,Bidar,04-06-1982,12-07-2019,twenty,10/2026
2,KA/80002,Sona,Zqxusha,5845012342,??,05-06-1982,12-07-2019,20,08/2026
3,KA/80003,Tara,Zqxlittle,5845012343,Bidar,09-03-2012,12-07-2025,20,10/2026
,,,,,,,Page 1 total,₹40,
4,KA/80004,Julie,Zqxmary,5845012344,Bidar,07-06-1982,12-07-2019,20,10/2026
5,KA/80005,Munni,Zqxnoor,5845012345,Bidar,08-06-1982,12-07-2019,20,10/2026
"""


@pytest.fixture
def command(unit, monkeypatch, tmp_path):
    with unit.begin(Actor.system("test")) as work:
        make_circles(work)

    @contextlib.contextmanager
    def running():
        yield SimpleNamespace(unit=unit)

    monkeypatch.setattr(members, "running_house", running)
    monkeypatch.setenv("DATABASE_URL", "kept away from any other")

    def run(*words):
        return CliRunner().invoke(members.members, [str(word) for word in words])

    return run


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "book.csv"
    path.write_text(BOOK, encoding="utf-8")
    return path


def sums(result):
    return json.loads(result.stdout.splitlines()[-1])


def held(unit):
    with unit.reading(Actor.system("test")) as work:
        return work.session.scalars(select(Member.card_number)).all()


def test_without_districts_it_says_what_to_do_first(command, book):
    result = command("import", book)
    assert result.exit_code == 1
    assert "Name its districts first" in result.stderr


def test_a_rehearsal_says_everything_and_writes_nothing(command, book, unit):
    command("districts", DATA / "districts.csv")
    result = command("import", book, "--dry-run", "--json")
    assert sums(result) == {
        "rows": 6,
        "taken": 2,
        "doubtful": 1,
        "duplicates": 0,
        "refused": 3,
        "added": 3,
        "updated": 0,
        "unchanged": False,
    }
    assert "row 2: taken, with a doubt. Fee per month: The fee stands in words" in result.stdout
    assert "row 3: not taken. District: Nobody knows this district." in result.stdout
    assert "row 5: not taken. A total of a page" in result.stdout
    assert "row 4" not in result.stdout
    assert "Rows not named here are taken as they stand" in result.stdout
    assert "nothing was written" in result.stdout
    for word in ("Zqx", "58450", "Rani"):
        assert word not in result.output
    assert held(unit) == []


def test_it_comes_in_once_and_goes_back_whole(command, book, unit):
    command("districts", DATA / "districts.csv")
    first = command("import", book, "--json")
    assert "Opening arrears 3/3" in first.stderr
    assert len(held(unit)) == 3
    again = command("import", book, "--json")
    assert "nothing was changed" in again.stdout
    assert sums(again) == {**sums(first), "added": 0, "unchanged": True}
    reference = first.stdout.split("rollback ")[1].split()[0]
    assert command("rollback", reference).exit_code == 0
    assert held(unit) == []
    unknown = command("rollback", "zzzzzzzzzzzz")
    assert (unknown.exit_code, "nothing here" in unknown.stderr) == (1, True)


def test_districts_are_named_once(command, unit):
    for _twice in range(2):
        assert "31 districts" in command("districts", DATA / "districts.csv").stdout
    with unit.reading(Actor.system("test")) as work:
        assert len(work.session.scalars(select(Branch)).all()) == 31


def test_a_file_that_is_no_book_is_said_in_words(command, tmp_path):
    command("districts", DATA / "districts.csv")
    path = tmp_path / "book.csv"
    path.write_bytes(b"PK\x03\x04")
    result = command("import", path)
    assert (result.exit_code, "no table of text" in result.stderr) == (1, True)
