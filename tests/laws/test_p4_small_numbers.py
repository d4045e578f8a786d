"""P4: what was told of a month is frozen, and nobody makes it say less than ten people later."""

from __future__ import annotations

import csv
import re
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.builders.crisis import make_in_charge
from tests.builders.figures import TELLS, calls_of, tell
from tests.builders.members import make_branch, make_member
from tests.laws.conftest import unit_over
from union.crisis.models import FigureAtom, FigureCounted, FigureEdition, Incident
from union.crisis.queries.editions import told_month
from union.crisis.services.figures import tell_next_month
from union.infra.db import application_engine, owner_engine
from union.kernel.actor import Role
from union.kernel.figures import Side
from union.kernel.periods import Month

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
SIDES = (Side.INSIDE, Side.OUTSIDE)


def lines(unit, month, side):
    with unit.reading(TELLS) as work:
        return [(one.name, one.calls_told) for one in told_month(work, month, side).lines]


@pytest.fixture
def told(committing, clock):
    """October: Bidar by itself, Udupi too small outside, Hassan too small everywhere."""
    calls_of(committing, clock, {"Bidar": 12, "Udupi": 6, "Hassan": 4})
    tell(committing, clock, 2026, 11)
    return committing


def test_a_month_is_told_inside_and_outside_and_small_ones_wait(told):
    assert lines(told, OCTOBER, Side.INSIDE) == [("Bidar", 12), ("Udupi", 6)]
    assert lines(told, OCTOBER, Side.OUTSIDE) == [("Bidar", 10)]
    with told.reading(TELLS) as work:
        for side in SIDES:
            assert told_month(work, OCTOBER, side).waits_since == OCTOBER


def test_what_waits_is_told_when_it_is_enough_and_once(told, clock):
    calls_of(told, clock, {"Hassan": 3, "Bidar": 2})
    tell(told, clock, 2026, 12)
    assert lines(told, NOVEMBER, Side.INSIDE) == [("Hassan", 7)]
    assert lines(told, NOVEMBER, Side.OUTSIDE) == [("", 15)]
    with told.reading(TELLS) as work:
        (line,) = told_month(work, NOVEMBER, Side.OUTSIDE).lines
        assert (line.first, line.last) == (OCTOBER, NOVEMBER)
        since = told_month(work, NOVEMBER, Side.INSIDE).waits_since
    assert since == OCTOBER, "Bidar's two and nobody at all look the same"


def test_what_is_learned_later_changes_nothing_that_was_told(told, clock):
    before = [lines(told, OCTOBER, side) for side in SIDES]
    with told.begin(TELLS) as work:
        work.session.execute(text("UPDATE incident SET kind = 'nuisance' WHERE id <= 3"))
        assert tell_next_month(work) is None, "November is not over"
    assert [lines(told, OCTOBER, side) for side in SIDES] == before


def test_a_person_who_calls_ten_times_is_one(committing, clock):
    with committing.begin(TELLS) as work:
        she = make_in_charge(work, Role.COORDINATOR)
    calls_of(committing, clock, {"Bidar": 12}, same=[she])
    tell(committing, clock, 2026, 11)
    assert [lines(committing, OCTOBER, side) for side in SIDES] == [[], []]


def test_entries_that_were_joined_are_one_person(committing, clock):
    with committing.begin(TELLS) as work:
        people = [make_in_charge(work, Role.COORDINATOR) for _ in range(5)]
        work.session.execute(
            text("UPDATE member SET merged_into = :kept WHERE person_id = :gone"),
            {"kept": people[0], "gone": people[1]},
        )
    calls_of(committing, clock, {"Bidar": 10}, same=people)
    tell(committing, clock, 2026, 11)
    assert lines(committing, OCTOBER, Side.INSIDE) == []


@pytest.fixture(scope="module")
def frozen(ledger_database, keystore_engine, machine_secrets):
    """October as above, in a database that every attack leaves as it was."""
    engine = application_engine(ledger_database.url)
    unit = unit_over(engine, keystore_engine, machine_secrets)
    calls_of(unit, unit.clock, {"Bidar": 12, "Udupi": 6})
    tell(unit, unit.clock, 2026, 11)
    yield unit
    engine.dispose()


ATOM = """
INSERT INTO figure_atom (series, month_on, side, branch_id, first_on, calls, people)
VALUES ('calls', '2026-11-01', :side, NULL, '2026-11-01', :calls, :people)
"""
EDITION = "INSERT INTO figure_edition (series, month_on, made_at) VALUES ('calls', '{}', '{}')"
NESTED = """
INSERT INTO figure_nested (inside_id, outside_id)
SELECT i.id, o.id FROM figure_atom i, figure_atom o
 WHERE i.side = 'inside' AND o.side = 'outside' AND i.calls = 6
"""
LATE = """
INSERT INTO figure_counted (series, subject_id, atom_id, wished)
SELECT 'calls', {}, min(id), false FROM figure_atom WHERE side = 'inside'
"""
MORE = """
INSERT INTO figure_atom (series, month_on, side, branch_id, first_on, calls, people)
VALUES ('calls', '2026-10-01', 'inside', NULL, '2026-10-01', 5, 5)
"""


@pytest.mark.parametrize(
    ("attack", "law"),
    [
        ("UPDATE figure_atom SET calls = calls + 1", "permission denied"),
        ("DELETE FROM figure_atom", "permission denied"),
        ("DELETE FROM figure_nested", "permission denied"),
        ("UPDATE figure_edition SET made_in = 0", "permission denied"),
        ("DELETE FROM figure_edition", "permission denied"),
        ("UPDATE figure_counted SET wished = true", "permission denied"),
        ("DELETE FROM figure_counted", "permission denied"),
        ("TRUNCATE figure_counted", "permission denied"),
        (MORE, "figures_p4_with_its_edition"),
        (LATE.format(999), "figures_p4_with_its_edition"),
        (NESTED, "figures_p4_with_its_edition"),
        (EDITION.format("2026-10-01", "2026-11-09"), "figures_p4_months_in_a_row"),
        (EDITION.format("2026-12-01", "2027-02-01"), "figures_p4_months_in_a_row"),
        (EDITION.format("2026-11-01", "2026-11-30 09:00+00"), "figures_p4_month_is_over"),
        (EDITION.format("2026-11-02", "2027-02-01"), "figures_p4_months_in_a_row"),
    ],
)
def test_what_was_told_is_not_changed_added_to_or_told_again(frozen, attack, law):
    assert law in refusal(frozen, attack)


@pytest.mark.parametrize("table", ["figure_edition", "figure_atom", "figure_counted"])
def test_not_even_the_tables_owner_changes_what_was_told(frozen, ledger_database, table):
    owner = owner_engine(ledger_database.owner_url)
    with pytest.raises(DBAPIError), owner.begin() as connection:
        connection.execute(text(f"UPDATE {table} SET series = 'others'"))
    owner.dispose()


@pytest.mark.parametrize(
    ("side", "calls", "people", "law"),
    [
        ("outside", 9, 9, "figure_atom_people_check"),
        ("inside", 4, 4, "figure_atom_people_check"),
        ("outside", 12, 9, "figure_atom_people_check"),
        ("inside", 5, 6, "figure_atom_people_check"),
        ("inside", 7, 7, "figures_p4_adds_up"),
        ("outside", 17, 17, "figures_p4_adds_up"),
    ],
)
def test_a_line_below_the_bound_or_of_calls_that_are_not_counted_is_refused(
    frozen, side, calls, people, law
):
    values = {"side": side, "calls": calls, "people": people}
    assert law in refusal(frozen, EDITION.format("2026-11-01", "2026-12-08"), ATOM, **values)


def test_a_call_is_counted_in_no_second_line(frozen):
    new = EDITION.format("2026-11-01", "2026-12-08")
    values = {"side": "inside", "calls": 6, "people": 6}
    again = """
    INSERT INTO figure_counted (series, subject_id, atom_id, wished)
    SELECT c.series, c.subject_id, (SELECT max(id) FROM figure_atom), c.wished
      FROM figure_counted c JOIN figure_atom a ON a.id = c.atom_id WHERE a.calls = 6
    """
    assert "figure_counted_pkey" in refusal(frozen, new, ATOM, again, **values)


def refusal(unit, *statements, **values):
    """What the database says against them, as the application asks; "" if it lets them."""
    try:
        with unit.begin(TELLS) as work:
            for one in statements:
                work.session.execute(text(one), values)
    except DBAPIError as error:
        return str(error)
    return ""


def test_every_call_is_counted_once_and_outside_is_made_of_inside(told, clock):
    calls_of(told, clock, {"Hassan": 6, "Udupi": 12})
    tell(told, clock, 2026, 12)
    with told.reading(TELLS) as work:
        counted = list(work.session.scalars(select(FigureCounted.subject_id)))
        atoms = work.session.scalars(select(FigureAtom)).all()
        assert len(work.session.scalars(select(FigureEdition)).all()) == 2
        assert sorted(counted) == sorted(work.session.scalars(select(Incident.id)))
    inside = sum(one.calls for one in atoms if one.side == Side.INSIDE)
    assert inside == len(counted) == 40
    assert sum(one.calls for one in atoms if one.side == Side.OUTSIDE) == 40


def rows_of(browser, address):
    text = browser.get(address).data.decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


@pytest.fixture
def coordinator(pages, clock, sign_in):
    calls_of(pages, clock, {"Bidar": 12, "Udupi": 6, "Hassan": 4})
    tell(pages, clock, 2026, 11)
    with pages.begin(TELLS) as work:
        person_id = make_in_charge(work, Role.COORDINATOR)
    return sign_in(Role.COORDINATOR, person_id=person_id)


def counts_in(rows):
    return [int(cell) for row in rows[1:] for cell in row[1:2] if cell.isdigit()]


def test_what_leaves_the_union_is_in_fives_of_ten_or_more_and_of_closed_months(coordinator):
    rows = rows_of(coordinator, "/figures-outside.csv?month=2026-10")
    assert rows[1][:2] == ["Bidar", "10"]
    assert counts_in(rows) == [10]
    assert "under ten" in str(rows)
    assert not re.search(r"Udupi|Hassan", str(rows)), "who stands together is not named"
    running = rows_of(coordinator, "/figures-outside.csv?month=2026-11")
    assert counts_in(running) == []
    assert "Tue 8 December 2026" in str(running)
    assert counts_in(rows_of(coordinator, "/figures-outside.csv?month=2026-09")) == []


def test_whoever_may_open_the_calls_sees_true_counts_on_page_and_file(coordinator):
    page = " ".join(coordinator.get("/figures?month=2026-10").text.split())
    assert "22 calls" in page
    assert "What is told outside" in page
    assert "under ten" in page
    rows = rows_of(coordinator, "/figures.csv?month=2026-10")
    assert ["Hassan", "4"] in [row[:2] for row in rows]


def test_whoever_may_not_sees_lines_of_five_people_on_page_and_file(coordinator, monkeypatch):
    monkeypatch.setattr("union.crisis.views.figures.CASES", "crisis.minor")
    page = " ".join(coordinator.get("/figures?month=2026-10&district=Hassan").text.split())
    assert "18 calls are told of this month." in page
    assert "Hassan" not in page
    assert "under five" in page
    rows = rows_of(coordinator, "/figures.csv?month=2026-10")
    assert [row[:2] for row in rows[1:3]] == [["Bidar", "12"], ["Udupi", "6"]]
    assert counts_in(rows) == [12, 6]


def test_how_many_called_is_not_told_to_who_keeps_the_machine(coordinator, sign_in):
    assert "in the last day" in coordinator.get("/ways/health").text
    assert "in the last day" not in sign_in(Role.SYSADMIN).get("/ways/health").text


def test_she_counts_nobody_whom_she_may_not_open(pages, sign_in):
    with pages.begin(TELLS) as work:
        bidar, udupi = make_branch(work), make_branch(work, "Udupi", 13.34, 74.74)
        hers = bidar.id
        for branch in (bidar, udupi, udupi):
            make_member(work, branch)
    limited = sign_in(Role.MEMBERSHIP_SECRETARY, branch_id=hers).get("/").text
    whole = sign_in(Role.MEMBERSHIP_SECRETARY).get("/").text
    assert "1 members in 1 branches" in limited
    assert "3 members in 2 branches" in whole


def test_two_returns_of_a_running_year_do_not_show_who_joined_between_them(pages, clock, sign_in):
    def member(joined_on):
        with pages.begin(TELLS) as work:
            make_member(work, joined_on=joined_on)

    def return_of_the_year():
        shown = sign_in(Role.TRUSTEE).get("/reports/annual-return.csv").text
        return [
            row for row in csv.reader(StringIO(shown)) if row and "at the end" in row[0].lower()
        ]

    for _ in range(7):
        member(date(2026, 5, 1))
    clock.move_to(datetime(2026, 11, 3, tzinfo=UTC))
    before = return_of_the_year()
    member(date(2026, 11, 3))
    clock.move_to(datetime(2026, 11, 4, tzinfo=UTC))
    assert return_of_the_year() == before == [["At the end of October 2026, in fives", "5", ""]]
