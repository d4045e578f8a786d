"""What the bank refused, over the pages: one says so, another confirms it; and where money goes."""

from __future__ import annotations

import re

import pytest

from tests.builders.dues import make_payer
from tests.builders.ledger import acting_as, make_books, make_person_as, make_receipt, make_voucher
from union.bank.services import NewPayee, confirm_payee, make_batch, mark_sent, set_payee
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.ledger.services import approve_voucher

TEST = Actor.system("test")


@pytest.fixture
def voucher(pages) -> str:
    """An approved voucher of Rani's; two people wrote down where her money goes."""
    with pages.begin(TEST) as work:
        make_books(work)
        make_receipt(work, 1_000_000, fund="welfare")
        her = make_payer(work, card_number="KA/09001", called="Rani").person_id
        made = make_voucher(work, her, amount_minor=30001)
        both = [make_person_as(work, Role.TREASURER), make_person_as(work, Role.SIGNATORY)]
        for actor in both:
            with acting_as(work, actor):
                approve_voucher(work, made.ref, made.content_hash)
        with acting_as(work, both[0]):
            written = set_payee(work, NewPayee(her, "Rani", address="rani@oksample"))
        with acting_as(work, both[1]):
            confirm_payee(work, written.ref)
    return made.ref


@pytest.fixture
def file(pages, voucher) -> str:
    """It went to the bank."""
    with pages.begin(TEST) as work:
        batch = make_batch(work, [voucher])
        mark_sent(work, batch.ref)
    return f"/bank/files-out/{batch.ref}"


def press(browser, page, label, **fields):
    """Press the button of this label on a page, as it stands there."""
    form = next(one for one in re.findall(r"<form.*?</form>", page.text, re.DOTALL) if label in one)
    action = re.search(r'action="([^"]+)"', form)[1]
    hidden = dict(re.findall(r'name="(answer|how)"[^>]*value="(\w+)"', form))
    data = {"command_key": new_command_key(), **hidden, **fields}
    return browser.post(action, data=data, follow_redirects=True)


def test_one_says_refused_another_confirms_and_then_it_may_go_again(sign_in, file, voucher):
    desk, second = sign_in(Role.TREASURER), sign_in(Role.SIGNATORY)
    page = desk.get(f"/books/vouchers/{voucher}")
    assert "The bank has this payment in a file" in page.text
    assert "I have paid" not in page.text
    assert "Take it back unpaid" not in page.text
    said = press(desk, desk.get(file), "Yes, refused")
    assert "Until a second person confirms" in said.text
    assert "Somebody else must confirm this" in said.text
    assert "Yes, the bank refused it" not in said.text
    assert "1 payment said to be refused by the bank" in second.get("/").text
    assert "said to be refused" not in desk.get("/").text
    waiting = second.get("/bank/files-out")
    assert "1 payment is said to be refused by the bank" in waiting.text
    assert file in waiting.text
    answered = press(second, second.get(file), "Yes, the bank refused it")
    assert "It may go into another file" in answered.text
    assert "refused by the bank" in answered.text
    assert "Take it back unpaid" in second.get(f"/books/vouchers/{voucher}").text
    assert "1 approved voucher can go" in desk.get("/bank/files-out").text


def test_it_was_on_its_way_after_all(sign_in, file, voucher):
    desk, second = sign_in(Role.TREASURER), sign_in(Role.SIGNATORY)
    press(desk, desk.get(file), "Yes, refused")
    answered = press(second, second.get(file), "No, it is still on its way")
    assert "still on its way" in answered.text
    for act in ("pay", "withdraw"):
        refused = desk.post(
            f"/books/vouchers/{voucher}/{act}",
            data={"command_key": new_command_key(), "paid_on": "2026-10-16"},
        )
        assert "The bank has this payment in a file" in refused.text


def test_what_is_taken_out_before_it_goes_may_go_again(sign_in, pages, voucher):
    with pages.begin(TEST) as work:
        batch = make_batch(work, [voucher]).ref
    desk = sign_in(Role.TREASURER)
    taken = press(desk, desk.get(f"/bank/files-out/{batch}"), "Take it out")
    assert "may go into another" in taken.text


@pytest.mark.parametrize("role", [Role.TRUSTEE, Role.MEMBER])
def test_nobody_else_says_so(sign_in, file, role):
    answer = sign_in(role).post(f"{file}/payments/x/refused")
    assert answer.status_code == 403


@pytest.fixture
def unknown(pages) -> str:
    """An approved voucher of somebody whose account nobody wrote down."""
    with pages.begin(TEST) as work:
        make_books(work)
        made = make_voucher(work, make_payer(work, called="Rani").person_id)
        for role in (Role.TREASURER, Role.SIGNATORY):
            with acting_as(work, make_person_as(work, role)):
                approve_voucher(work, made.ref, made.content_hash)
    return made.ref


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("number", {"number": "12345", "ifsc": "HDFC0000412"}, "9 to 18 figures"),
        ("number", {"ifsc": "HDFC0000412"}, "9 to 18 figures"),
        ("ifsc", {"number": "501000000412", "ifsc": "HDFCO000412"}, "never the letter O"),
        ("address", {"address": "rani at sbi"}, "the sign @"),
        ("address", {"number": "501000000412", "address": "rani@oksbi"}, "not both"),
        ("name", {"name": "ರಾಣಿ", "address": "rani@oksbi"}, "Latin letters"),
    ],
)
def test_a_wrong_detail_is_named_and_kept(sign_in, unknown, field, typed, said):
    desk = sign_in(Role.TREASURER)
    data = {"command_key": new_command_key(), "name": "Rani", **typed}
    page = desk.post(f"/bank/payees/of/{unknown}", data=data)
    assert said in page.text
    (wrong,) = re.findall(r'<div class="field[^"]*has-wrong">\s*<label for="(\w+)"', page.text)
    assert wrong == field
    for value in typed.values():
        assert f'value="{value}"' in page.text


def test_the_second_persons_row_leads_to_where_she_signs(sign_in, unknown):
    desk, second = sign_in(Role.TREASURER), sign_in(Role.SIGNATORY)
    assert f"/bank/payees/of/{unknown}" in second.get("/bank/files-out").text
    given = {"command_key": new_command_key(), "name": "Rani", "address": "rani@oksample"}
    desk.post(f"/bank/payees/of/{unknown}", data=given)
    listed = second.get("/bank/files-out").text
    row = re.search(r"<li.*?A second person confirms it.*?</li>", listed, re.DOTALL)
    assert "/bank/payees" in listed
    assert row is None or 'href="/bank/payees"' in row[0]
    assert "Yes, this is hers" in second.get("/bank/payees").text
    assert "Yes, this is hers" not in desk.get("/bank/payees").text


def test_a_no_to_an_account_says_why_and_is_read_by_whoever_writes_it_anew(sign_in, unknown):
    desk, second = sign_in(Role.TREASURER), sign_in(Role.SIGNATORY)
    address = f"/bank/payees/of/{unknown}"
    given = {"name": "Rani", "number": "501000000412", "ifsc": "HDFC0000412"}
    desk.post(address, data={"command_key": new_command_key(), **given})
    page = second.get("/bank/payees")
    bare = press(second, page, "Say no", why=" ")
    assert "Say in a few words why not" in bare.text
    assert "Yes, this is hers" in bare.text
    assert "Say no" not in desk.get("/bank/payees").text
    listed = press(second, page, "Say no", why="Her passbook says 413")
    assert "No account waits" in listed.text
    assert "Her passbook says 413" in listed.text
    anew = desk.get(address).text
    assert "said no to what stands here" in anew
    assert "Her passbook says 413" in anew
    assert 'value="501000000412"' in anew
    given["number"] = "501000000413"
    desk.post(address, data={"command_key": new_command_key(), **given})
    waiting = second.get("/bank/payees").text
    assert "501000000413" in waiting
    assert "Her passbook says 413" not in waiting
