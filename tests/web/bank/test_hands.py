"""Money that went: said by one, confirmed by another, or paid by a voucher written for it."""

from __future__ import annotations

import re

import pytest

from tests.builders.bank import line_saying, make_statement
from tests.builders.dues import make_payer
from tests.builders.ledger import acting_as, make_person_as, make_receipt, make_voucher
from union.bank.queries.lines import line_view
from union.kernel.actor import Actor, Role
from union.ledger.services import approve_voucher, open_books

KEY = "0" * 31
TEST = Actor.system("test")
CHEQUE = ("07/10/2026", "CHQ 12 LOCKER", -125000)
CASH = ("08/10/2026", "ATM WDL", -20000)


@pytest.fixture
def desk(sign_in):
    return sign_in(Role.TREASURER)


@pytest.fixture
def second(sign_in):
    return sign_in(Role.SIGNATORY)


def bring(pages, *lines):
    with pages.begin(TEST) as work:
        open_books(work)
        make_receipt(work, 1_000_000)
        make_statement(work, *lines, opening_minor=1_000_000)


def ref_of(pages, words: str) -> str:
    with pages.reading(TEST) as work:
        return line_saying(work, words).line.ref


def waits(pages, ref: str) -> bool:
    with pages.reading(TEST) as work:
        return line_view(work, ref).waits


def post(client, way: str, number: str, **fields):
    return client.post(way, data={"command_key": f"{KEY}{number}", **fields})


def test_a_large_charge_is_said_by_one_and_booked_by_another(desk, second, pages):
    bring(pages, CHEQUE)
    ref = ref_of(pages, "LOCKER")
    said = {"kind": "charge", "note": "for the bank locker"}
    answers = [post(desk, f"/bank/lines/{ref}/decide", "1", **said) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert waits(pages, ref)
    page = desk.get(f"/bank/lines/{ref}")
    assert "once a second person says the same" in page.text
    assert "Said by you" in desk.get("/bank/second-hand").text
    again = post(desk, f"/bank/lines/{ref}/decide", "2", **said)
    assert "Somebody said what this is already" in again.text
    page = second.get("/bank/second-hand")
    assert "1 line of the bank waits for your word" in page.text
    assert "for the bank locker" in page.text
    assert "CHQ 12 LOCKER" in page.text
    way = re.search(r"/bank/second-hand/[0-9a-z]{12}/confirm", page.text)[0]
    herself = post(desk, way, "3")
    assert "Somebody else must confirm" in herself.text
    assert waits(pages, ref)
    assert "1 line" in second.get("/").text
    yes = [post(second, way, "4") for _ in range(2)]
    assert [answer.status_code for answer in yes] == [302, 302]
    assert not waits(pages, ref)
    late = post(second, way, "5")
    assert "a moment ago" in late.text
    assert "for the bank locker" in desk.get(f"/bank/lines/{ref}").text


def test_a_no_lets_the_line_wait_and_a_word_can_be_taken_back(desk, second, pages):
    bring(pages, CASH)
    ref = ref_of(pages, "ATM")
    for number, client in ((1, second), (2, desk)):
        page = desk.get("/bank/waiting")
        shown = re.search(r'name="shown" value="([0-9a-f]{16})"', page.text)[1]
        post(desk, f"/bank/lines/{ref}/accept", f"{number}", shown=shown)
        assert "Waits for a second person" in desk.get("/bank/waiting").text
        way = re.search(r"/bank/second-hand/[0-9a-z]{12}/end", client.get("/bank/second-hand").text)
        if client is second:
            empty = post(client, way[0], "3", why=" ")
            assert "Say in a few words why not" in empty.text
        assert post(client, way[0], f"{number + 4}", why="Nobody saw <it>").status_code == 302
        assert waits(pages, ref)
        assert "Yes, book it so" in desk.get("/bank/waiting").text
    page = desk.get(f"/bank/lines/{ref}").text
    assert "said no on" in page
    assert page.count("Nobody saw &lt;it&gt;") == 1
    assert "took it back on" in page


def test_the_bound_is_set_by_two(desk, second, pages):
    bring(pages, ("07/10/2026", "CHQ 12 LOCKER", -60000))
    page = desk.get("/bank/ceiling")
    assert "₹500 a charge" in page.text
    wrong = post(desk, "/bank/ceiling", "1", line="900", month="600")
    assert "cannot be bounded lower" in wrong.text
    assert 'value="900"' in wrong.text
    assert post(desk, "/bank/ceiling", "2", line="600", month="2000").status_code == 302
    way = re.search(r"/bank/ceiling/[0-9a-z]{12}/confirm", second.get("/bank/ceiling").text)[0]
    assert "Somebody else must confirm" in post(desk, way, "3").text
    assert post(second, "/bank/ceiling", "4", line="1", month="1").status_code == 403
    assert post(second, way, "5").status_code == 302
    assert "₹600 a charge" in second.get("/bank/ceiling").text
    ref = ref_of(pages, "LOCKER")
    post(desk, f"/bank/lines/{ref}/decide", "6", kind="charge")
    assert not waits(pages, ref)


def test_money_that_went_leads_to_its_voucher_and_that_to_the_line(desk, pages):
    bring(pages, CHEQUE)
    ref = ref_of(pages, "LOCKER")
    way = re.search(r'href="(/[^"]*vouchers/new[^"]*)"', desk.get(f"/bank/lines/{ref}").text)[1]
    form = desk.get(way.replace("&amp;", "&"))
    assert 'value="1250' in form.text
    assert "Went from the bank on 7 October 2026." in form.text
    assert '<option selected value="1110">' in form.text
    with pages.begin(TEST) as work:
        make_receipt(work, 1_000_000, fund="welfare")
        both = [make_person_as(work, Role.TREASURER), make_person_as(work, Role.SIGNATORY)]
        made = make_voucher(work, make_payer(work).person_id, amount_minor=125000)
        voucher = made.ref
    assert f"vouchers/{voucher}" in desk.get(f"/bank/lines/{ref}").text
    with pages.begin(TEST) as work:
        for actor in both:
            with acting_as(work, actor):
                approve_voucher(work, voucher, made.content_hash)
    page = desk.get(f"/bank/lines/{ref}")
    assert "A voucher, paid" in page.text
    shown = re.search(r'name="shown" value="([0-9a-f]{16})"', page.text)[1]
    post(desk, f"/bank/lines/{ref}/accept", "1", shown=shown)
    assert not waits(pages, ref)


def test_a_forged_day_or_sum_begins_nothing(desk, pages):
    bring(pages, CHEQUE)
    for asked in ("sum=-5", "sum=x&on=yesterday", "sum=0&on=2026-13-01"):
        page = desk.get(f"/books/vouchers/new?{asked}")
        assert page.status_code == 200
        assert "Went from the bank" not in page.text


def test_a_card_nobody_has_is_named_and_a_booked_line_says_whose_it_is(desk, pages):
    with pages.begin(TEST) as work:
        make_payer(work, card_number="KA/08001", called="Rani")
    bring(
        pages,
        ("05/10/2026", "UPI/CR/1/KA 8001", 4000),
        ("06/10/2026", "UPI/CR/2/KA 9999", 4000),
    )
    page = desk.get("/bank/waiting")
    assert "nobody has the card KA/09999" in page.text
    assert "Under a card number nobody has" in page.text
    assert "nobody named" not in page.text.lower()
    way = re.search(r"/bank/statements/[0-9a-z]{12}", desk.get("/bank/").text)[0]
    assert "Dues of a member: Rani · KA/08001" in desk.get(way).text


def test_lines_stand_by_what_they_wait_for(desk, pages):
    bring(pages, CHEQUE, CASH, ("05/10/2026", "NEFT STRANGER", 31300))
    ref = ref_of(pages, "LOCKER")
    post(desk, f"/bank/lines/{ref}/decide", "1", kind="charge", note="for the bank locker")
    page = desk.get("/bank/waiting").text
    parts = dict(re.findall(r'<section class="part" id="(\w+)">(.*?)</section>', page, re.DOTALL))
    assert set(parts) == {"proposed", "second", "came"}
    assert "CHQ 12 LOCKER" in parts["second"]
    assert "NEFT STRANGER" in parts["came"]
    assert "ATM WDL" in parts["proposed"]
    for name in parts:
        assert f'href="#{name}"' in page
