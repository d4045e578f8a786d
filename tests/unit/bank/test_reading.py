"""What a narration names, codes of our own, marks, payees, links and files."""

from __future__ import annotations

import csv
import io
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from union.bank.errors import (
    AddressUnreadableError,
    PayeeUnreadableError,
    StatementDoesNotAddUpError,
)
from union.bank.rules.codes import LETTERS, codes_in, is_code, new_code
from union.bank.rules.files import HEADING, OutLine, payment_file
from union.bank.rules.marks import mark_lines
from union.bank.rules.payees import PayeeDetails, read_address, read_payee
from union.bank.rules.tokens import read_tokens
from union.bank.rules.upi import payment_link
from union.gateways.bank_files import FileKind, PlainLine, PlainStatement


@pytest.mark.parametrize(
    "written",
    ["KA/00245", "KA 0245", "KA00245", "ka-245", "KA.245", "Ka_0245", "card no 245", "KA/೨೪೫"],
)
def test_a_card_is_read_in_any_spelling(written):
    assert read_tokens(f"UPI/559892109749/{written}/fee").cards == ("KA/00245",)


@pytest.mark.parametrize(
    "text", ["KARB0000245", "UPI/559892109749/KAVITHA", "SKA 245", "KA 5147104974", "ID 245"]
)
def test_what_only_looks_like_a_card_is_none(text):
    assert read_tokens(text).cards == ()


@pytest.mark.parametrize("written", ["5147104974", "05147104974", "+91 5147104974", "5147104974@y"])
def test_a_telephone_is_read_and_the_banks_own_number_is_none(written):
    assert read_tokens(f"UPI/955594747530/{written}").phones == ("+915147104974",)


def test_a_payer_is_an_address_or_an_account_and_never_a_name():
    assert read_tokens("UPI/1/RANI/Rani.K55@OkSample/fee").payer == "rani.k55@oksample"
    assert read_tokens("NEFT", "RANI 50100000000412").payer == "rani 50100000000412"
    assert read_tokens("NEFT RANI", "RANI").payer is None


def test_a_code_survives_capitals_and_company_and_shows_a_wrong_letter():
    code = new_code()
    assert is_code(code)
    assert codes_in(f"upi/cr/559892109749/{code.lower()}/sbin") == (code,)
    for place in range(len(code)):
        for letter in LETTERS:
            if letter != code[place]:
                assert not is_code(code[:place] + letter + code[place + 1 :])


def test_codes_are_not_found_inside_longer_words():
    code = new_code()
    assert codes_in(f"X{code}") == ()
    assert codes_in(f"{code}9") == ()


def plain(amount, text="RANI", reference=None, day=1):
    return PlainLine(day, date(2026, 10, day), None, amount, text, reference)


def statement(*lines, opening=None, closing=None):
    days = (date(2026, 10, 1), date(2026, 10, 31))
    return PlainStatement(FileKind.CSV, None, *days, opening, closing, lines)


def test_a_reference_that_stands_twice_is_one_line():
    marked = mark_lines(statement(plain(20, reference="A"), plain(20, reference="A")))
    assert (len(marked.lines), marked.repeated) == (1, 1)


def test_unless_the_balances_say_there_were_two():
    lines = (plain(20, reference="A"), plain(20, reference="A"))
    marked = mark_lines(statement(*lines, opening=0, closing=40))
    assert (len(marked.lines), marked.repeated) == (2, 0)
    assert len({one.mark for one in marked.lines}) == 2
    once = mark_lines(statement(*lines, opening=0, closing=20))
    assert once.lines[0].mark == marked.lines[0].mark


def test_the_same_words_twice_on_a_day_are_two_lines_without_a_reference():
    marked = mark_lines(statement(plain(20), plain(20), plain(20, day=2)))
    assert len({one.mark for one in marked.lines}) == 3


def test_lines_that_do_not_lead_to_the_closing_balance_are_refused():
    with pytest.raises(StatementDoesNotAddUpError) as caught:
        mark_lines(statement(plain(20), opening=0, closing=50))
    assert caught.value.facts == {"gap_minor": 30}


def test_a_payee_is_one_account_or_one_address():
    account = read_payee("Rani  K", "5010 0000 0412", "hdfc0000412", "")
    assert (account.number, account.ifsc) == ("501000000412", "HDFC0000412")
    assert account.shown == "…0412, HDFC0000412"
    assert read_payee("Rani", "", "", "Rani.55@okSample").address == "rani.55@oksample"
    assert PayeeDetails.opened(account.closed()) == account
    for wrong in (
        ("Rani", "501000000412", "HDFC1000412", ""),
        ("Rani", "501000000412", "HDFC0000412", "rani@oksample"),
        ("Rani", "", "", ""),
        ("=cmd()", "501000000412", "HDFC0000412", ""),
    ):
        with pytest.raises(PayeeUnreadableError):
            read_payee(*wrong)


@pytest.mark.parametrize("text", ["rani", "@oksample", "a@b", "rani@ok sample", "x" * 80 + "@ok"])
def test_what_is_no_upi_address_is_refused(text):
    with pytest.raises(AddressUnreadableError):
        read_address(text)


def test_a_link_to_pay_names_nobody_and_nothing():
    link = payment_link("notebook@oksample", "Notebook & Co", "3F7KQ2MXB", 4050)
    assert link.startswith("upi://pay?pa=notebook@oksample&pn=Notebook%20%26%20Co&")
    said = parse_qs(urlsplit(link).query)
    assert said["am"] == ["40.50"]
    assert said["tr"] == said["tn"] == ["3F7KQ2MXB"]
    assert "am=" not in payment_link("notebook@oksample", "Notebook", "3F7KQ2MXB")


def test_a_payment_file_says_nothing_but_names_sums_and_codes():
    lines = [
        OutLine(PayeeDetails("Rani", number="501000000412", ifsc="HDFC0000412"), 300_050, "CODE1"),
        OutLine(PayeeDetails("-Sita", address="sita@oksample"), 2000, "CODE2"),
    ]
    rows = list(csv.reader(io.StringIO(payment_file(lines).decode())))
    assert tuple(rows[0]) == HEADING
    assert rows[1] == [
        "1",
        "Rani",
        "501000000412",
        "HDFC0000412",
        "",
        "3000.50",
        "NEFT",
        "Payment CODE1",
        "CODE1",
    ]
    assert rows[2][1] == "'-Sita"
    assert rows[2][6] == "UPI"
