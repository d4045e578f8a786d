"""Rounds by hand: books, receipts with signal, typed sheets, second hands, what she said, draws."""

from __future__ import annotations

import os
import re
import uuid
from base64 import b64decode, b64encode
from datetime import timedelta
from itertools import count

import pytest

from tests.builders.dues import make_payer, make_payment
from union.dues.rules.phone_lines import seal_line
from union.dues.services import (
    HandOverCash,
    IssueBook,
    collector_for_person,
    hand_over,
    issue_book,
)
from union.kernel.actor import Actor, Role
from union.ledger.services import open_books

TEST = Actor.system("test")
_keys = count(1)


def key():
    return {"command_key": f"{next(_keys):032x}"}


@pytest.fixture
def uma(pages):
    """A collector with the book 2001–2050."""
    with pages.begin(TEST) as work:
        open_books(work)
        uma = make_payer(work, card_number="KA/08500", called="Uma")
        issue_book(work, IssueBook("KA/08500", 2001, 2050, work.clock.today()))
        uma.collector_ref = collector_for_person(work, uma.person_id).ref
    return uma


@pytest.fixture
def rani(pages):
    with pages.begin(TEST) as work:
        open_books(work)
        return make_payer(work, card_number="KA/08501", called="Rani", phone="+91 50000 00017")


@pytest.fixture
def walker(sign_in, uma):
    return sign_in(Role.COLLECTOR, person_id=uma.person_id)


@pytest.fixture
def desk(sign_in):
    return sign_in(Role.TREASURER)


def paid(pages, uma, rani, number=2001, amount=2000):
    with pages.begin(TEST) as work:
        book = {"collector_person_id": uma.person_id, "receipt_no": number}
        return make_payment(work, rani.person_id, amount, **book)


def test_what_she_handed_in_and_nobody_booked_lowers_nothing_she_holds(
    sign_in, walker, pages, uma, rani
):
    """₹100 were counted yesterday and receipt 2001 is missing; today she took ₹20."""
    with pages.begin(TEST) as work:
        yesterday = work.clock.today() - timedelta(days=1)
        book = {"collector_person_id": uma.person_id, "happened_on": yesterday}
        make_payment(work, rani.person_id, 6000, receipt_no=2002, **book)
        collector = collector_for_person(work, uma.person_id)
        hand_over(work, HandOverCash(collector.id, 10000, yesterday))
    assert "You handed in ₹40 more than is booked for you." in walker.get("/dues/cash/mine").text
    assert "₹40 that you handed in is not booked yet." in walker.get("/").text
    paid(pages, uma, rani, 2003)
    hers = walker.get("/dues/cash/mine").text
    assert "You hold ₹20 of ours." in hers
    assert "₹40 that was handed in is not booked yet." in hers
    assert "You hold ₹20 of ours." in walker.get("/dues/round").text
    assert "You carry ₹20." in walker.get("/").text
    desk = sign_in(Role.TREASURER)
    assert "₹20 is in collectors’ hands." in desk.get("/dues/cash").text
    assert 'value="20"' in desk.get(f"/dues/cash/{uma.collector_ref}").text


def test_a_book_is_handed_out_and_comes_back(desk, uma):
    taken = {"card": "ka 8500", "first_no": "2050", "last_no": "2060", "issued_on": "2026-10-16"}
    assert "holds already" in desk.post("/dues/books/issue", data={**key(), **taken}).text
    desk.post("/dues/books/issue", data={**key(), **taken, "first_no": "2051"})
    page = desk.get("/dues/books")
    assert "2051–2060" in page.text
    back = re.findall(r'href="(/dues/books/\w+/back)"', page.text)[1]
    desk.post(back, data={**key(), "unused_from": "2051"})
    assert "2051–2050" in desk.get("/dues/books").text


def test_a_collector_writes_a_receipt_with_signal_and_without_a_script(walker, uma, rani):
    assert "Your next receipt is 2001." in walker.get("/dues/round").text
    written = {**key(), "card": "ka-8501", "amount": "20", "receipt_no": "2001"}
    answers = [walker.post("/dues/round", data=written) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert "₹20" in walker.get(answers[0].location).text
    wrong = walker.post("/dues/round", data={**written, **key(), "receipt_no": "7001"})
    assert "in none of her books" in wrong.text
    assert 'value="ka-8501"' in wrong.text
    assert "Your next receipt is 2002." in walker.get("/dues/round").text


def sheet(**cells):
    names = {name.replace("_", "-"): value for name, value in cells.items()}
    return {**key(), "rows": "20", **names}


def test_a_typed_sheet_keeps_what_cannot_be_booked_in_its_row(desk, uma, rani):
    here = f"/dues/cash/{uma.collector_ref}/typed"
    assert 'value="2001"' in desk.get(here).text
    lines = {
        "receipt_1": "2001",
        "day_1": "16-10-2026",
        "card_1": "8501",
        "amount_1": "20",
        "receipt_2": "2002",
        "card_2": "9999",
        "amount_2": "30",
    }
    first = desk.post(here, data=sheet(**lines))
    assert "Nobody in the register has this card number." in first.text
    assert 'value="9999"' in first.text
    assert "Nothing is booked yet" in first.text
    differs = desk.post(here, data=sheet(**lines | {"card_2": "8501"}, total="60"))
    assert "do not come to the sum" in differs.text
    done = desk.post(here, data=sheet(**lines, leave="y"), follow_redirects=True)
    assert "1 line is booked (₹20). 1 waits for somebody to look." in done.text
    assert "Receipt 2002" in desk.get("/dues/waiting").text
    assert "at least one line" in desk.post(here, data=sheet()).text


def test_enter_in_a_cell_books_nothing_where_no_script_moves_it_on(desk, uma, rani):
    here = f"/dues/cash/{uma.collector_ref}/typed"
    page = desk.get(here).text
    assert re.search(r"<button[^>]*>", page[page.index("data-typed") :])[0].count("typing")
    lines = {"receipt_20": "2001", "day_20": "16-10-2026", "card_20": "8501", "amount_20": "20"}
    typing = desk.post(here, data=sheet(**lines, typing="y"))
    assert typing.status_code == 200
    assert "Nothing is booked yet. Type on" in typing.text
    assert 'name="rows" value="21"' in typing.text
    assert re.search(r'name="card-21"[^>]*autofocus', typing.text)
    assert 'value="8501"' in typing.text
    done = desk.post(here, data=sheet(**lines), follow_redirects=True)
    assert "1 line is booked" in done.text


def test_a_round_is_printed_without_a_number_to_ring(desk, walker, pages, uma, rani):
    paid(pages, uma, rani)
    answer = desk.get(f"/dues/cash/{uma.collector_ref}/sheet.pdf")
    assert answer.data.startswith(b"%PDF")
    assert walker.get(f"/dues/cash/{uma.collector_ref}/sheet.pdf").status_code == 200
    page = desk.get(f"/dues/cash/{uma.collector_ref}/round")
    assert "1 member on this round" in page.text
    desk.post(f"/dues/cash/{uma.collector_ref}/round/{rani.ref}/off", data=key())
    assert "0 members" in desk.get(f"/dues/cash/{uma.collector_ref}/round").text


def test_another_collector_sees_nothing_of_hers(sign_in, pages, uma):
    with pages.begin(TEST) as work:
        other = make_payer(work, card_number="KA/08509")
        issue_book(work, IssueBook("KA/08509", 1, 5, work.clock.today()))
    stranger = sign_in(Role.COLLECTOR, person_id=other.person_id)
    assert stranger.get(f"/dues/cash/{uma.collector_ref}/round").status_code == 404
    assert stranger.get(f"/dues/cash/{uma.collector_ref}/sheet.pdf").status_code == 404


def test_two_hands_on_cash_and_a_difference_until_it_is_settled(desk, walker, pages, uma, rani):
    paid(pages, uma, rani, amount=10000)
    counted = {"counted": "60", "happened_on": "2026-10-16", "whole": "y"}
    desk.post(f"/dues/cash/{uma.collector_ref}", data={**key(), **counted})
    assert "1 count of your cash to sign" in walker.get("/").text
    mine = walker.get("/dues/round").text
    hand = re.search(r'href="(/dues/cash/handed/\w+)"', mine)[1]
    assert "the other hand signs" in desk.get(hand).text
    assert "cannot be the second hand" in desk.post(hand, data=key()).text
    walker.post(f"{hand}/other", data={**key(), "said": "100"})
    assert "She says it was ₹100" in desk.get(hand).text
    page = desk.get("/dues/cash/differences").text
    assert "₹40 short" in page
    one = re.search(r'href="(/dues/cash/differences/\w+)"', page)[1]
    too_much = desk.post(one, data={**key(), "how": "brought", "amount": "50"})
    assert "more than is left" in too_much.text
    desk.post(one, data={**key(), "how": "brought", "amount": "15"})
    assert "₹25 short" in desk.get(one).text
    voucher = desk.post(one, data={**key(), "how": "given_up", "amount": "25"})
    assert "/vouchers/" in voucher.location


def test_she_says_she_paid_and_it_is_looked_for(desk, sign_in, pages, uma, rani):
    her = sign_in(Role.MEMBER, person_id=rani.person_id)
    said = {"amount": "20", "happened_on": "2026-10-10", "collector": "ka 8500", "words": "tank"}
    her.post("/dues/mine/said", data={**key(), **said})
    assert "being looked for" in her.get("/dues/mine/said").text
    unknown = her.post("/dues/mine/said", data={**key(), **said, "collector": "KA/1"})
    assert "Nobody collects under that card number" in unknown.text
    paid(pages, uma, rani, 2001)
    one = re.search(r'href="(/dues/said/\w+)"', desk.get("/dues/said").text)[1]
    page = desk.get(one).text
    assert "tank" in page
    receipt = re.search(r'name="receipt"\s+value="(\w+)"', page)[1]
    desk.post(one, data={**key(), "receipt": receipt})
    assert "found" in desk.get("/dues/said").text
    assert "found" in her.get("/dues/mine/said").text


def test_receipts_are_drawn_and_asked_by_a_second_person(sign_in, pages, uma, rani):
    paid(pages, uma, rani)
    asker = sign_in(Role.MEMBERSHIP_SECRETARY)
    days = {"from_on": "2026-10-01", "until_on": "2026-10-16", "wanted": "5"}
    drawn = asker.post("/dues/samples", data={**key(), **days}).location
    one = re.search(r'href="(/dues/samples/asked/\w+)"', asker.get(drawn).text)[1]
    assert "Did you pay ₹20 on Fri 16 October 2026" in asker.get(one).text
    asker.post(one, data={**key(), "answer": "differs", "said": "50"})
    assert "1 of 1 asked" in asker.get(drawn).text
    assert "₹30" in asker.get("/dues/said").text


def test_a_phone_is_registered_takes_along_and_sends(walker, desk, uma, rani):
    made = walker.post("/dues/book/register", data=key()).json
    line = str(uuid.uuid4())
    about = f"{made['phone']}|{line}"
    said = {"receipt_no": 2001, "card": "8501", "amount_minor": 2000, "day": "2026-10-16"}
    sealed = seal_line(b64decode(made["public_key"]), about, said, os.urandom(12))
    lines = f'[{{"key": "{line}", "sealed": "{b64encode(sealed).decode()}"}}]'
    for _ in range(2):
        sent = {**key(), "phone": made["phone"], "lines": lines}
        (answer,) = walker.post("/dues/book/sync", data=sent).json["answers"]
        assert (answer["state"], answer["receipt_no"]) == ("booked", 2001)
    package = walker.post("/dues/book/take", data={**key(), "phone": made["phone"]})
    assert package.json["next_no"] == 2002
    assert "00017" not in package.text
    revoke = f"/dues/cash/{uma.collector_ref}/phones/{made['phone']}/revoke"
    desk.post(revoke, data=key())
    again = walker.post("/dues/book/take", data={**key(), "phone": made["phone"]})
    assert again.status_code == 409


def test_a_second_phone_is_told_that_the_book_is_on_the_first(walker, uma):
    first, second = (
        {"phone": walker.post("/dues/book/register", data=key()).json["phone"]} for _ in range(2)
    )
    taken = walker.post("/dues/book/take", data={**key(), **first}).json
    assert taken["next_no"] == 2001
    told = walker.post("/dues/book/take", data={**key(), **second}).json
    assert told == {"elsewhere": True, "since": told["since"]}
    assert "16 October" in told["since"]
    page = walker.get("/dues/round").text
    assert "Your white receipts are on your phone." in page
    on_paper = {"card": "KA/08501", "amount": "20", "receipt_no": "2001"}
    assert (
        "This number is on your phone."
        in walker.post("/dues/round", data={**key(), **on_paper}).text
    )
    for _ in range(2):
        down = walker.post("/dues/book/put-down", data={**key(), **first}).json
        assert down == first
    assert "Your next receipt is 2001." in walker.get("/dues/round").text
    assert walker.post("/dues/book/take", data={**key(), **second}).json["next_no"] == 2001


def test_a_phone_that_is_not_hers_takes_nothing_along(walker, desk, uma):
    for where in ("take", "put-down"):
        sent = {**key(), "phone": "nobodys00000"}
        assert walker.post(f"/dues/book/{where}", data=sent).status_code == 404


@pytest.mark.parametrize("lines", ["", "{", "[1]", '[{"key": "x", "sealed": ""}]'])
def test_what_no_phone_sends_is_refused_whole(walker, lines):
    made = walker.post("/dues/book/register", data=key()).json
    sent = {**key(), "phone": made["phone"], "lines": lines}
    assert walker.post("/dues/book/sync", data=sent).status_code == 400


def test_what_the_browser_keeps_says_nothing_about_anybody(client, uma, rani):
    shell = client.get("/dues/book/")
    assert "<title>Notebook</title>" in shell.text
    assert "Rani" not in shell.text
    assert "camera=(self)" in shell.headers["Permissions-Policy"]
    assert client.get("/dues/book/manifest.json").json["name"] == "Notebook"
    worker = client.get("/dues/book/worker.js")
    assert worker.mimetype == "text/javascript"
    assert "/dues/book/take" not in worker.text
