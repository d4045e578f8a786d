"""The treasurer's way through a statement, and the second person's, by hand."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from sqlalchemy import func, select

from tests.builders.bank import CAMT, DATA, line_saying, make_csv, make_statement
from tests.builders.dues import make_payer, make_payment
from tests.builders.ledger import acting_as, make_books, make_person_as, make_receipt, make_voucher
from union.bank.models import BankBatch, BankBatchItem, BankLine, BankUpload
from union.bank.queries.lines import undecided
from union.dues.queries.accounts import account_of
from union.dues.services import charge_month
from union.gateways.bank_files import FIELDS
from union.infra.people import new_person
from union.kernel.actor import Actor, Role
from union.kernel.periods import Month
from union.ledger.models import JournalEntry
from union.ledger.services import approve_voucher

KEY = "0" * 31
TEST = Actor.system("test")
FEE = ("05/10/2026", "UPI/CR/562731904417/union fee", 4000)
HERS = ("06/10/2026", "UPI/CR/562731904418/KA 8001", 4000)


@pytest.fixture
def desk(sign_in):
    return sign_in(Role.TREASURER)


@pytest.fixture
def rani(pages):
    with pages.begin(TEST) as work:
        rani = make_payer(work, card_number="KA/08001", called="Rani")
        charge_month(work, Month(2026, 9))
        charge_month(work, Month(2026, 10))
    return rani


def choose(desk, content: bytes, name: str = "statement.csv"):
    return desk.post(
        "/bank/bring-in", data={"command_key": f"{KEY}1", "file": (BytesIO(content), name)}
    )


def bring(pages, *lines):
    with pages.begin(TEST) as work:
        make_statement(work, *lines)


def ref_of(pages, words: str) -> str:
    with pages.reading(TEST) as work:
        return line_saying(work, words).line.ref


def test_a_statement_is_shown_first_and_comes_in_once(desk, pages, rani):
    chosen = choose(desk, make_csv(FEE, HERS))
    page = desk.get(chosen.location)
    assert "2 lines would come in" in page.text
    assert "1 is booked at once. 0 are proposed. 1 waits." in page.text
    assert "Rani · KA/08001" in page.text
    with pages.reading(TEST) as work:
        assert work.session.scalar(select(func.count()).select_from(BankLine)) == 0
    taken = {"command_key": f"{KEY}2"}
    answers = [desk.post(f"{chosen.location}/take", data=taken) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert "waits for a word" in desk.get(answers[0].location).text
    with pages.reading(TEST) as work:
        assert account_of(work.session, rani.person_id).owed_minor == 0
        assert set(work.session.scalars(select(BankUpload.content))) == {b""}
    again = choose(desk, make_csv(FEE, HERS))
    assert "All of this was here already" in desk.get(again.location).text


def test_a_file_is_kept_encrypted_and_for_its_chooser_only(desk, sign_in, pages):
    chosen = choose(desk, make_csv(FEE))
    with pages.reading(TEST) as work:
        kept = work.session.scalars(select(BankUpload)).one()
        assert b"union fee" not in kept.content
    other = sign_in(Role.TREASURER)
    assert "kept for a day" in other.get(chosen.location).text
    for _ in range(2):
        desk.post(f"{chosen.location}/let-go", data={"command_key": f"{KEY}2"})
    assert "kept for a day" in desk.get(chosen.location).text


def test_what_is_no_statement_is_said_so_and_not_kept(desk, pages):
    answer = choose(desk, b"<html>no</html>", "statement.csv")
    assert answer.status_code == 302 or "no statement we can read" in answer.text
    answer = choose(desk, b"\x89PNG\r\n\x1a\n\0\0\0", "statement.csv")
    assert "no statement we can read" in answer.text
    with pages.reading(TEST) as work:
        assert all(
            b"PNG" not in one.content for one in work.session.scalars(select(BankUpload)).all()
        )


def test_columns_nobody_can_guess_are_chosen_once_and_remembered(desk):
    content = b"when,what,in,out\n05/10/2026,KA/00245,20.00,\n"
    chosen = choose(desk, content)
    page = desk.get(chosen.location, follow_redirects=True)
    assert "Which column is which?" in page.text
    columns = f"{chosen.location}/columns"
    none = dict.fromkeys(FIELDS, "")
    wrong = desk.post(columns, data={**none, "command_key": f"{KEY}2", "date": "when"})
    assert "are needed" in wrong.text
    right = {**none, "date": "when", "narration": "what", "credit": "in", "debit": "out"}
    shown = desk.post(columns, data={"command_key": f"{KEY}3", **right}, follow_redirects=True)
    assert "1 line would come in" in shown.text
    next_file = choose(desk, content.replace(b"05/10", b"06/10"))
    assert "1 line would come in" in desk.get(next_file.location).text


def test_a_file_that_does_not_add_up_is_refused_with_the_gap(desk):
    broken = make_csv(FEE, HERS).replace(b"80.00", b"90.00")
    page = desk.get(choose(desk, broken).location)
    assert "do not lead from the opening" in page.text
    assert "₹10" in page.text


def shown_key(page) -> str:
    return re.search(r'name="shown" value="([0-9a-f]{16})"', page.text)[1]


def test_a_proposal_is_booked_by_one_click_and_once(desk, pages, rani):
    bring(pages, ("05/10/2026", "UPI/CR/1/KA 8001", 50000))
    page = desk.get("/bank/waiting")
    assert "1 line waits for a word" in page.text
    assert "it is far more than she pays" in page.text
    ref = ref_of(pages, "KA 8001")
    yes = {"command_key": f"{KEY}1", "shown": shown_key(page)}
    answers = [desk.post(f"/bank/lines/{ref}/accept", data=yes) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    late = desk.post(f"/bank/lines/{ref}/accept", data={**yes, "command_key": f"{KEY}2"})
    assert "no longer open" in late.text or "decided about this line" in late.text
    with pages.reading(TEST) as work:
        assert account_of(work.session, rani.person_id).credit_minor == 46000
    assert "Nothing waits" in desk.get("/bank/waiting").text


def test_a_proposal_cannot_be_turned_into_another(desk, pages, rani):
    bring(pages, ("05/10/2026", "UPI/CR/1/KA 8001", 50000))
    ref = ref_of(pages, "KA 8001")
    forged = {"command_key": f"{KEY}1", "shown": "0" * 16}
    assert "no longer open" in desk.post(f"/bank/lines/{ref}/accept", data=forged).text


def test_somebodys_own_word_needs_what_it_needs_and_loses_nothing(desk, pages, rani):
    bring(pages, FEE, ("07/10/2026", "CHQ 12", -125000))
    ref, cheque = ref_of(pages, "union fee"), ref_of(pages, "CHQ 12")
    way = f"/bank/lines/{ref}/decide"
    empty = desk.post(way, data={"command_key": f"{KEY}1", "kind": "dues", "note": "her words"})
    assert "Write the card number" in empty.text
    assert "her words" in empty.text
    nobody = desk.post(way, data={"command_key": f"{KEY}2", "kind": "dues", "card": "KA/09999"})
    assert "Nobody has this card number" in nobody.text
    hers = desk.post(way, data={"command_key": f"{KEY}3", "kind": "dues", "card": "ka-8001"})
    assert hers.location == "/bank/waiting"
    carried = f"/bank/lines/{cheque}/decide"
    bare = desk.post(carried, data={"command_key": f"{KEY}4", "kind": "carried"})
    assert "Say why it waits" in bare.text
    wrong_side = desk.post(carried, data={"command_key": f"{KEY}5", "kind": "gift"})
    assert wrong_side.status_code == 200
    said = {"command_key": f"{KEY}6", "kind": "carried", "note": "the voucher is being signed"}
    assert desk.post(carried, data=said).status_code == 302
    page = desk.get(f"/bank/lines/{cheque}")
    assert "the voucher is being signed" in page.text
    assert "Let wait" in desk.get("/bank/waiting").text
    with pages.reading(TEST) as work:
        assert undecided(work.session, Month(2026, 10)) == []
        assert [one.ref for one in undecided(work.session, Month(2026, 11))] == [cheque]


def test_what_nobody_knew_is_kept_and_found_later(desk, pages, rani):
    bring(pages, FEE)
    ref = ref_of(pages, "union fee")
    desk.post(f"/bank/lines/{ref}/decide", data={"command_key": f"{KEY}1", "kind": "held"})
    assert "Kept for whoever it belongs to" in desk.get("/bank/waiting").text
    desk.post(f"/bank/lines/{ref}/reopen", data={"command_key": f"{KEY}2"})
    hers = {"command_key": f"{KEY}3", "kind": "dues", "card": "KA/08001"}
    assert desk.post(f"/bank/lines/{ref}/decide", data=hers).status_code == 302
    with pages.reading(TEST) as work:
        assert account_of(work.session, rani.person_id).owed_minor == 0


def test_bank_and_book_are_proved_against_each_other(desk, sign_in, pages, rani):
    assert "Nothing can be proved yet" in desk.get("/bank/proof").text
    with pages.begin(TEST) as work:
        make_payment(work, rani.person_id, 3000, method="upi", happened_on=date(2026, 10, 6))
    bring(pages, FEE, ("07/10/2026", "CHQ 12", -125000))
    trustee = sign_in(Role.TRUSTEE)
    page = trustee.get("/bank/proof")
    assert "Every rupee between the two has a name" in page.text
    assert "−₹1,250" in page.text
    assert "₹30" in page.text
    assert "CHQ" not in page.text
    assert "union fee" not in page.text
    assert trustee.get("/bank/waiting").status_code == 403


@pytest.fixture
def approved(pages):
    """Two approved vouchers for two people, and whoever signed them."""
    with pages.begin(TEST) as work:
        make_books(work)
        make_receipt(work, 1_000_000, fund="welfare")
        both = [make_person_as(work, Role.TREASURER), make_person_as(work, Role.SIGNATORY)]
        vouchers = []
        for number in (1, 2):
            payee = make_payer(work, card_number=f"KA/0900{number}", called=f"Payee{number}")
            made = make_voucher(work, payee.person_id, amount_minor=30000 + number)
            for actor in both:
                with acting_as(work, actor):
                    approve_voucher(work, made.ref, made.content_hash)
            vouchers.append((made.ref, payee.person_id))
    return vouchers


def write_payee(desk, voucher: str, number: int):
    given = {"name": f"Payee {number}", "number": "501000000412", "ifsc": "HDFC0000412"}
    return desk.post(f"/bank/payees/of/{voucher}", data={"command_key": f"{number:032d}", **given})


def test_payments_go_out_in_one_file_that_tells_nobody_anything(desk, sign_in, pages, approved):
    assert "Nobody wrote down her account yet" in desk.get("/bank/files-out").text
    for number, (voucher, _) in enumerate(approved, start=1):
        assert write_payee(desk, voucher, number).status_code == 302
    assert "Somebody else must confirm" in desk.get("/bank/payees").text
    second = sign_in(Role.SIGNATORY)
    assert "accounts to be paid to, to confirm" in second.get("/").text
    page = second.get("/bank/payees")
    assert "1 other person" in page.text
    for number, ref in enumerate(re.findall(r"/bank/payees/([0-9a-z]{12})/confirm", page.text)):
        said = second.post(
            f"/bank/payees/{ref}/confirm", data={"command_key": f"{number + 70:032d}"}
        )
        assert said.status_code == 302
    chosen = {"command_key": f"{KEY}8", "vouchers": [ref for ref, _ in approved]}
    made = [desk.post("/bank/files-out", data=chosen) for _ in range(2)]
    assert made[0].status_code == 302
    assert made[0].location == made[1].location
    assert desk.get(f"{made[0].location}/list.csv").status_code == 409
    page = desk.get(made[0].location).text
    assert "Nothing has gone to the bank yet." in page
    assert "not sent yet" in page
    assert "on its way" not in page
    desk.post(f"{made[0].location}/sent", data={"command_key": f"{KEY}9"})
    file = desk.get(f"{made[0].location}/list.csv")
    assert file.mimetype == "text/csv"
    for word in ("welfare", "sick", "KA/", "fund", "claim", *(ref for ref, _ in approved)):
        assert word.lower() not in file.text.lower()
    assert "300.01" in file.text
    assert second.get(f"{made[0].location}/list.csv").status_code == 403
    with pages.reading(TEST) as work:
        code = work.session.scalar(
            select(BankBatchItem.code).where(BankBatchItem.amount_minor == 30001)
        )
        assert work.session.scalars(select(BankBatch.sent_at)).one() is not None
    content = make_csv(("08/10/2026", f"NEFT DR/{code}/HDFC", -30001), opening_minor=90000)
    chosen = choose(desk, content)
    desk.post(f"{chosen.location}/take", data={"command_key": f"{KEY}a"})
    page = desk.get(made[0].location)
    assert "paid" in page.text
    assert "1 on their way" in page.text
    with pages.reading(TEST) as work:
        paid = select(func.count()).where(JournalEntry.voucher_id.is_not(None))
        assert work.session.scalar(paid) == 1


def test_where_members_pay_needs_two_hands_and_a_code_says_nothing(desk, sign_in, pages, rani):
    her = sign_in(Role.MEMBER, person_id=rani.person_id)
    assert "no code to pay by yet" in her.get("/bank/pay").text
    wrong = {"command_key": f"{KEY}1", "address": "notebook", "payee_name": "Notebook"}
    answer = desk.post("/bank/address", data=wrong)
    assert "like name@bank" in answer.text
    assert 'value="notebook"' in answer.text
    given = {**wrong, "command_key": f"{KEY}2", "address": "notebook@oksample"}
    desk.post("/bank/address", data=given)
    assert "Somebody else must confirm" in desk.get("/bank/address").text
    second = sign_in(Role.SIGNATORY)
    ref = re.search(r"/bank/address/([0-9a-z]{12})/confirm", second.get("/bank/address").text)[1]
    herself = desk.post(f"/bank/address/{ref}/confirm", data={"command_key": f"{KEY}3"})
    assert "Somebody else must confirm" in herself.text
    second.post(f"/bank/address/{ref}/confirm", data={"command_key": f"{KEY}4"})
    page = her.get("/bank/pay")
    assert "Scan this to pay ₹40" in page.text
    assert "<svg" in page.text
    link = re.search(r'href="(upi://[^"]+)"', page.text)[1]
    assert "am=40.00" in link
    assert "8001" not in link
    assert "Rani" not in link
    code = re.search(r"tr=([0-9A-Z]{9})", link)[1]
    assert her.get("/bank/pay?amount=open").text.count("am=") == 0
    printed = desk.get(f"/bank/pay/{rani.ref}")
    assert code in printed.text
    bring(pages, ("09/10/2026", f"UPI/CR/1/{code.lower()}/SBIN", 4000))
    with pages.reading(TEST) as work:
        assert account_of(work.session, rani.person_id).owed_minor == 0


def test_the_shared_statement_comes_in_through_the_page(sign_in, clock):
    clock.move_to(datetime(2026, 11, 2, 6, tzinfo=UTC))
    desk = sign_in(Role.TREASURER)
    chosen = choose(desk, CAMT, "bank.camt053.xml")
    page = desk.get(chosen.location)
    assert "148 lines would come in" in page.text
    for name in ("bank-sbi.xls", "bank-icici.xls", "bank-union.xlsx"):
        other = choose(desk, (DATA / name).read_bytes(), name)
        assert "10 lines would come in" in desk.get(other.location).text


def test_a_payee_outside_the_register_may_be_written_too(desk, pages):
    with pages.begin(TEST) as work:
        voucher = make_voucher(work, new_person(work).id).ref
    assert "Where does this money go?" in desk.get(f"/bank/payees/of/{voucher}").text
