from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.builders.dues import ask_laws, balance, make_payer, make_payment
from union.dues.errors import PaidAheadOfTimeError, PaidLongAgoError, ReceiptTakenError
from union.dues.models import Receipt
from union.dues.queries.accounts import account_of, credit_of
from union.dues.queries.passbook import passbook
from union.dues.rules.allocation import PaymentNotPositiveError
from union.dues.services import ReceivePayment, charge_month, receive_payment
from union.kernel.periods import Month


def charged(work, *months):
    for month in months:
        charge_month(work, Month.parse(month))


def test_the_oldest_month_is_paid_first(work):
    rani = make_payer(work)
    charged(work, "2026-08", "2026-09", "2026-10")
    make_payment(work, rani.person_id, 3000)
    account = account_of(work.session, rani.person_id)
    assert account.owed_minor == 3000
    assert account.paid_to == Month(2026, 8)
    assert [str(month) for month in account.open_months] == ["2026-09", "2026-10"]
    ask_laws(work)


def test_what_is_left_over_is_kept_and_used_by_the_next_run(work):
    rani = make_payer(work)
    charged(work, "2026-08")
    make_payment(work, rani.person_id, 5000)
    assert credit_of(work.session, rani.person_id) == 3000
    assert balance(work, "2110") == -3000
    charged(work, "2026-09", "2026-10")
    account = account_of(work.session, rani.person_id)
    assert (account.owed_minor, account.credit_minor) == (1000, 0)
    assert balance(work, "1210") == 1000
    assert balance(work, "4010") == -6000
    ask_laws(work)


def test_her_book_tells_one_day_in_the_order_it_was_written(work):
    rani = make_payer(work)
    charged(work, "2026-08")
    for paise in (5000, 1000, 3000):
        make_payment(work, rani.person_id, paise)
    book = passbook(work, rani.person_id, 2026)
    assert [one.paid_minor for one in book.lines if one.what == "payment"] == [5000, 1000, 3000]


def test_the_same_receipt_again_is_the_same_payment(work):
    rani, walker = make_payer(work), make_payer(work)
    asked = ReceivePayment(
        rani.person_id,
        2000,
        date(2026, 10, 3),
        collector_person_id=walker.person_id,
        receipt_no=2001,
    )
    charged(work, "2026-10")
    assert receive_payment(work, asked).id == receive_payment(work, asked).id
    assert account_of(work.session, rani.person_id).owed_minor == 0
    ask_laws(work)


def test_one_receipt_number_is_not_two_payments(work):
    rani, sita, walker = make_payer(work), make_payer(work), make_payer(work)
    book = {"collector_person_id": walker.person_id, "receipt_no": 2001}
    make_payment(work, rani.person_id, **book)
    with pytest.raises(ReceiptTakenError):
        make_payment(work, sita.person_id, **book)
    with pytest.raises(ReceiptTakenError):
        make_payment(work, rani.person_id, 4000, **book)


def test_a_source_comes_once(work):
    rani = make_payer(work)
    first = make_payment(work, rani.person_id, method="bank", source="bank_line:12")
    again = make_payment(work, rani.person_id, method="bank", source="bank_line:12")
    assert first.id == again.id
    assert balance(work, "1110") == 2000


@pytest.mark.parametrize("amount", [0, -2000])
def test_nothing_is_no_payment(work, amount):
    with pytest.raises(PaymentNotPositiveError):
        make_payment(work, make_payer(work).person_id, amount)


def test_tomorrow_has_not_paid_yet(work):
    with pytest.raises(PaidAheadOfTimeError):
        make_payment(work, make_payer(work).person_id, happened_on=date(2026, 10, 17))


def test_a_day_of_another_age_is_a_slip_of_the_pen(work):
    with pytest.raises(PaidLongAgoError):
        make_payment(work, make_payer(work).person_id, happened_on=date(1900, 1, 1))


def test_desk_receipts_are_numbered_without_a_gap(work):
    rani = make_payer(work)
    numbers = []
    for _ in range(3):
        payment = make_payment(work, rani.person_id)
        numbers.append(work.session.scalar(receipt_number(payment.id)))
    assert [number - numbers[0] for number in numbers] == [0, 1, 2]


def test_a_merged_entry_owes_and_pays_as_one_woman(work):
    kept, gone = make_payer(work), make_payer(work)
    charged(work, "2026-09")
    gone.merged_into = kept.person_id
    work.session.flush()
    charged(work, "2026-10")
    assert account_of(work.session, kept.person_id).owed_minor == 6000
    make_payment(work, kept.person_id, 6000)
    assert account_of(work.session, kept.person_id).owed_minor == 0
    ask_laws(work)


def receipt_number(payment_id):
    return select(Receipt.number).where(Receipt.payment_id == payment_id)
