"""Several waiting lines decided with one press: each by itself, once; what cannot be says why."""

from __future__ import annotations

import re

import pytest

from tests.builders.bank import line_saying, make_statement
from tests.builders.ledger import make_receipt
from union.bank.models import BankDecision
from union.bank.queries.lines import decisions_of, line_view
from union.kernel.actor import Actor, Role
from union.ledger.services import open_books

TEST = Actor.system("test")
KEY = "d" * 31
LINES = (
    ("05/10/2026", "NEFT STRANGER ONE", 31300),
    ("05/10/2026", "NEFT STRANGER TWO", 41700),
    ("06/10/2026", "CHQ 12 LOCKER", -12500),
    ("07/10/2026", "CHQ 13 LOCKER", -13500),
    ("08/10/2026", "ATM WDL", -20000),
)


@pytest.fixture
def desk(sign_in):
    return sign_in(Role.TREASURER)


@pytest.fixture
def refs(pages) -> dict[str, str]:
    """The five lines waiting, by a word of each."""
    with pages.begin(TEST) as work:
        open_books(work)
        make_receipt(work, 1_000_000)
        make_statement(work, *LINES, opening_minor=1_000_000)
        words = ("ONE", "TWO", "12 LOCKER", "13 LOCKER", "ATM")
        return {word: line_saying(work, word).line.ref for word in words}


def value_of(page: str, ref: str) -> str:
    return re.search(rf'name="lines"\s+value="({ref}:[0-9a-f]*)"', page)[1]


def send(desk, number: str, ticks, **fields):
    return desk.post("/bank/many", data={"command_key": f"{KEY}{number}", "lines": ticks, **fields})


def kinds(pages, refs) -> dict[str, str | None]:
    """What each line stands as; None while it waits."""
    with pages.reading(TEST) as work:
        views = {word: line_view(work, ref) for word, ref in refs.items()}
    return {word: None if view.waits else view.kind for word, view in views.items()}


def test_several_are_kept_with_one_press_and_a_second_press_changes_nothing(desk, pages, refs):
    page = desk.get("/bank/many").text
    ticks = [value_of(page, refs[word]) for word in ("ONE", "TWO", "12 LOCKER")]
    bare = send(desk, "1", ticks, what="keep").text
    assert "Say why they wait" in bare
    assert bare.count(" checked") == 4
    for _ in range(2):
        answer = send(desk, "1", ticks, what="keep", note="asked the bank")
        assert "3 lines are in their place." in answer.text
    assert kinds(pages, refs) == {
        "ONE": "held",
        "TWO": "held",
        "12 LOCKER": "carried",
        "13 LOCKER": None,
        "ATM": None,
    }
    with pages.reading(TEST) as work:
        assert work.session.query(BankDecision).count() == 3
        kept = line_view(work, refs["12 LOCKER"]).line
        assert decisions_of(work, kept)[0].note == "asked the bank"


def test_alike_ones_are_said_once_and_each_law_holds_for_each_of_them(desk, pages, refs):
    page = desk.get("/bank/many").text
    ticks = [value_of(page, refs[word]) for word in ("12 LOCKER", "13 LOCKER", "ONE")]
    answer = send(desk, "1", ticks, what="charge").text
    assert "2 lines are in their place." in answer
    assert "1 line could not be decided so." in answer
    assert re.search(rf'value="{refs["ONE"]}:[^>]*checked', answer)
    assert kinds(pages, refs)["12 LOCKER"] == kinds(pages, refs)["13 LOCKER"] == "charge"
    assert kinds(pages, refs)["ONE"] is None


def test_what_is_proposed_is_booked_as_shown_and_cash_waits_for_a_second(desk, pages, refs):
    page = desk.get("/bank/many?tick=proposed").text
    ticked = re.findall(r'value="([0-9a-z]{12}):[0-9a-f]+"\s+checked', page)
    assert ticked == [refs["ATM"]]
    cash = value_of(page, refs["ATM"])
    answer = send(desk, "1", [cash, f"{refs['ONE']}:{'0' * 16}"], what="as_proposed").text
    assert "1 line waits for a second person now." in answer
    assert "no longer open" in answer
    assert kinds(pages, refs)["ATM"] is None
    assert refs["ATM"] not in desk.get("/bank/many").text
    assert "Waits for a second person" in desk.get("/bank/waiting").text


def test_nothing_ticked_is_said_so_and_nobody_else_may(desk, sign_in, refs):
    assert "Tick at least one line." in send(desk, "1", [], what="keep", note="x").text
    came = desk.get("/bank/many?tick=came").text
    assert came.count(" checked") == 2
    assert desk.get("/bank/many?tick=whatever").status_code == 200
    assert send(sign_in(Role.SIGNATORY), "2", [], what="keep").status_code == 403
