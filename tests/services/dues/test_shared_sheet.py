from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.builders.dues import DATA, ask_laws, balance, make_payer, make_register
from tests.conftest import AnyRoute
from union.dues.models import CollectionLine
from union.dues.queries.rounds import collector_rounds, waiting_lines
from union.dues.services import (
    SettleLine,
    charge_month,
    drop_line,
    import_collections,
    import_handovers,
    settle_line,
)
from union.infra.db import application_engine
from union.infra.keystore import KeyStore
from union.infra.vault import Vault
from union.infra.work import Work
from union.kernel.actor import Actor
from union.kernel.clock import ManualClock
from union.kernel.periods import Month

SHEET = (DATA / "collections.csv").read_bytes()
HANDOVERS = (DATA / "handovers.csv").read_bytes()


@pytest.fixture(scope="module")
def sheet_open(cluster, keystore_engine, machine_secrets):
    """October charged and its sheet taken in once for this module, in a database of its own."""
    clock = ManualClock(datetime(2026, 11, 2, 6, tzinfo=UTC))
    keystore = KeyStore(keystore_engine, machine_secrets.machine_keys, clock)
    name = cluster.copy()
    engine = application_engine(cluster.database(name).url)
    with Session(engine, expire_on_commit=False) as session:
        vault = Vault(keystore, machine_secrets.index_key, machine_secrets.signing_key)
        work = Work(session, clock, Actor.system("test"), vault, AnyRoute())
        make_register(work)
        charge_month(work, Month(2026, 10))
        yield work, import_collections(work, SHEET)
    engine.dispose()
    cluster.drop(name)


@pytest.fixture
def october(sheet_open):
    """The books with the sheet taken in; what a test does to them is put back."""
    work, _ = sheet_open
    savepoint = work.session.begin_nested()
    yield work
    savepoint.rollback()
    work.session.expunge_all()


def waiting(work):
    return {(one.collector_card, one.line.receipt_no): one for one in waiting_lines(work)}


def test_every_line_ends_booked_or_refused_with_its_reason(october, sheet_open):
    _, outcome = sheet_open
    assert outcome.rows == 649 == outcome.booked + outcome.refused
    assert (outcome.booked, outcome.refused, outcome.missing) == (635, 14, 2)
    assert outcome.amount_minor == 28_900_00
    reasons = Counter(one.line.reason for one in waiting_lines(october))
    assert reasons == {
        "card_unknown": 7,
        "receipt_shared": 2,
        "receipt_missing": 2,
        "entered_twice": 1,
        "amount_negative": 1,
        "amount_unreadable": 1,
        "date_impossible": 1,
        "member_gone": 1,
    }
    assert sum(one.original != "" for one in waiting_lines(october)) == 14
    ask_laws(october)


def test_no_remark_stands_readable_in_the_database(october):
    rows = october.session.scalars(text("SELECT collection_line::text FROM collection_line")).all()
    assert len(rows) == 651
    assert not [row for row in rows if "daughter also" in row or b"daughter".hex() in row]


def test_the_same_file_again_books_nothing_twice(october):
    cash = balance(october, "1020-0001")
    again = import_collections(october, SHEET)
    assert (again.booked, again.already, again.refused) == (0, 635, 14)
    assert again.amount_minor == 0
    assert balance(october, "1020-0001") == cash
    assert len(waiting_lines(october)) == 16
    ask_laws(october)


def test_a_corrected_sheet_books_what_it_corrects_and_lists_nothing_twice(october):
    drop_line(october, waiting(october)["KA/00718", 2040].line.ref)
    corrected = SHEET.replace(b"KA/00148,2O", b"KA/00148,20")
    outcome = import_collections(october, corrected)
    assert (outcome.booked, outcome.already, outcome.refused) == (1, 635, 13)
    assert outcome.amount_minor == 2000
    assert len(waiting(october)) == 13
    assert len(waiting_lines(october)) == 14
    ask_laws(october)


def test_a_card_entered_since_is_booked_by_the_same_file(october):
    line = waiting(october)["KA/00718", 2030].line
    make_payer(october, card_number="KA/01094")
    again = import_collections(october, SHEET)
    assert (again.booked, again.already, again.refused) == (1, 635, 13)
    october.session.refresh(line)
    assert line.payment_id is not None


def test_hand_overs_with_nothing_waiting_are_exact(october):
    import_handovers(october, HANDOVERS)
    rounds = {one.card: one for one in collector_rounds(october)}
    for card in ("KA/00369", "KA/00343", "KA/00209"):
        assert rounds[card].count.certain
        assert rounds[card].count.in_hand_minor == 0
        assert rounds[card].differences == ()
    assert rounds["KA/00939"].differences == ()
    assert rounds["KA/00939"].count.likely_difference_minor == -4000
    assert not rounds["KA/00939"].in_register
    ask_laws(october)


def test_forty_rupees_are_short_once_the_waiting_lines_are_settled(october):
    import_handovers(october, HANDOVERS)
    as_they_were = {
        4018: ("KA/00148", 2000, date(2026, 10, 3)),
        4038: ("KA/00145", 2000, date(2026, 10, 8)),
        4053: ("KA/00080", 10000, date(2026, 10, 11)),
        4068: ("KA/00417", 2000, date(2026, 10, 14)),
        4080: ("KA/00920", 3000, date(2026, 10, 18)),
    }
    for number, (card, amount, day) in as_they_were.items():
        line = waiting(october)["KA/00939", number].line
        settle_line(october, SettleLine(line.ref, card, amount, day, number))
    (found,) = [one for one in collector_rounds(october) if one.card == "KA/00939"]
    assert [one.amount_minor for one in found.differences] == [-4000]
    assert balance(october, "1090") == 4000
    assert found.count.in_hand_minor == 0
    ask_laws(october)


def test_a_line_with_no_money_behind_it_is_dropped(october):
    twice = waiting(october)["KA/00718", 2040].line
    drop_line(october, twice.ref)
    assert ("KA/00718", 2040) not in waiting(october)
    kept = october.session.get_one(CollectionLine, twice.id)
    assert kept.settled_how == "dropped"


def test_the_same_hand_overs_again_change_nothing(october):
    import_handovers(october, HANDOVERS)
    desk = balance(october, "1010")
    again = import_handovers(october, HANDOVERS)
    assert desk == balance(october, "1010") == 29_360_00
    assert {one.verdict for one in again} == {"already"}
