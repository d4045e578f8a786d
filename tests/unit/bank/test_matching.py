"""Matching: each way a line is known, how sure, and when nothing is booked without asking."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from union.bank.rules.hands import Ceiling, needs_second
from union.bank.rules.kinds import Kind, Reason, fits_side
from union.bank.rules.known import (
    BookEntry,
    Known,
    LineFacts,
    OpenVoucher,
    Payer,
    SentBatch,
    SentItem,
    TakenBack,
)
from union.bank.rules.matching import judge

DAY = date(2026, 10, 9)
RANI = Payer(1, active=True, owed_minor=4000, fee_minor=2000)
SITA = Payer(2, active=True, owed_minor=0, fee_minor=2000)
GONE = Payer(3, active=False, owed_minor=2000, fee_minor=2000)
PHONE, SHARED = "+915147104974", "+915147104975"
KNOWN = Known(
    payers={1: RANI, 2: SITA, 3: GONE},
    by_card={"KA/00001": 1, "KA/00002": 2, "KA/00003": 3},
    by_phone={PHONE: (1,), SHARED: (1, 2)},
    by_code={"3F7KQ2MXB": 2},
    by_payer={b"rani": {1: 3}, b"once": {1: 1}, b"two": {1: 2, 2: 1}},
)


def line(amount=4000, text="UPI/CR/1", **fields) -> LineFacts:
    return LineFacts(amount, DAY, text, **fields)


def best(facts, known=KNOWN):
    judged = judge(facts, known)
    return judged.best, judged.certain


@pytest.mark.parametrize(
    ("fields", "person", "reason"),
    [
        ({"cards": ("KA/00001",)}, 1, Reason.CARD),
        ({"phones": (PHONE,)}, 1, Reason.PHONE),
        ({"codes": ("3F7KQ2MXB",)}, 2, Reason.OUR_CODE),
        ({"payer_index": b"rani"}, 1, Reason.PAID_BEFORE),
    ],
)
def test_she_is_known_for_certain_by_card_phone_code_or_habit(fields, person, reason):
    found, certain = best(line(**fields))
    assert (found.kind, found.person_id, certain) == (Kind.DUES, person, True)
    assert reason in found.reasons


def test_what_is_due_is_said_among_the_reasons():
    found, _ = best(line(cards=("KA/00001",)))
    assert Reason.AMOUNT_DUE in found.reasons
    months, _ = best(line(6000, cards=("KA/00001",)))
    assert Reason.AMOUNT_MONTHS in months.reasons


def test_one_payment_before_is_a_likelihood_and_no_certainty():
    found, certain = best(line(6000, payer_index=b"once"))
    assert (found.person_id, certain) == (1, False)


@pytest.mark.parametrize(
    "fields",
    [
        {"phones": (SHARED,)},
        {"cards": ("KA/00001", "KA/00002")},
        {"payer_index": b"two"},
    ],
)
def test_two_who_may_be_meant_are_both_proposed(fields):
    judged = judge(line(6000, **fields), KNOWN)
    assert {one.person_id for one in judged.candidates} == {1, 2}
    assert not judged.certain


def test_her_card_beats_the_telephone_it_was_paid_from():
    found, certain = best(line(cards=("KA/00002",), phones=(PHONE,)))
    assert found.person_id == 2 or not certain
    judged = judge(line(2000, codes=("3F7KQ2MXB",), phones=(PHONE,)), KNOWN)
    assert judged.best.person_id == 2


def test_who_left_or_died_is_asked_about():
    found, certain = best(line(2000, cards=("KA/00003",)))
    assert (found.person_id, certain) == (3, False)
    assert Reason.MEMBER_GONE in found.reasons


def test_far_more_than_anybody_pays_is_asked_about():
    found, certain = best(line(50_000_00, cards=("KA/00001",)))
    assert not certain
    assert Reason.AMOUNT_UNUSUAL in found.reasons


def test_nobody_named_is_unmatched():
    judged = judge(line(text="UPI/604525632264/union fee"), KNOWN)
    assert judged.candidates == ()
    assert not judged.certain


def test_what_the_desk_booked_is_linked_and_not_booked_again():
    entry = BookEntry(7, 4000, DAY, person_id=1)
    found, certain = best(line(cards=("KA/00001",)), replace(KNOWN, entries=[entry]))
    assert (found.kind, found.target_id, certain) == (Kind.BOOKED, 7, True)


def test_an_entry_of_the_same_amount_but_another_woman_is_not_hers():
    entry = BookEntry(7, 4000, DAY, person_id=2)
    judged = judge(line(cards=("KA/00001",)), replace(KNOWN, entries=[entry]))
    assert {one.kind for one in judged.candidates} == {Kind.DUES}


def test_an_entry_of_the_same_amount_alone_is_proposed():
    known = replace(KNOWN, entries=[BookEntry(7, 4000, DAY, person_id=2)])
    found, certain = best(line(), known)
    assert (found.kind, certain) == (Kind.BOOKED, False)
    far = replace(KNOWN, entries=[BookEntry(7, 4000, date(2026, 8, 1), person_id=2)])
    assert judge(line(), far).candidates == ()


@pytest.mark.parametrize(
    ("amount", "text", "kind"),
    [
        (-5900, "SMS CHARGES INCL GST", Kind.CHARGE),
        (-900, "CGST ON CHRGS", Kind.CHARGE),
        (-3500, "POS RENTAL OCT", Kind.CARD_FEE),
        (31250, "CREDIT INTEREST CAPITALISED", Kind.INTEREST),
    ],
)
def test_what_the_bank_does_itself_is_known_by_its_own_words(amount, text, kind):
    found, certain = best(line(amount, text))
    assert (found.kind, certain) == (kind, True)


def test_a_charge_above_what_one_may_call_so_is_looked_at_first():
    found, certain = best(line(-50_100, "PROCESSING CHARGES"))
    assert (found.kind, certain) == (Kind.CHARGE, False)
    more = replace(KNOWN, ceiling=Ceiling(60_000, 60_000))
    assert best(line(-50_100, "PROCESSING CHARGES"), more)[1]


def test_what_a_card_company_took_back_is_one_of_its_own_lines_to_the_paisa():
    told = replace(KNOWN, taken_back=[TakenBack(7, 4000, DAY)])
    found, certain = best(line(-4000, "CHARGEBACK 4711"), told)
    assert (found.kind, found.target_id, certain) == (Kind.CHARGEBACK, 7, True)
    found, certain = best(line(-4000, "ECS 4711"), told)
    assert (found.kind, certain) == (Kind.CHARGEBACK, False)
    assert judge(line(-4100, "CHARGEBACK 4711"), told).candidates == ()
    assert judge(line(-4000, "CHARGEBACK 4711"), KNOWN).candidates == ()


@pytest.mark.parametrize(
    ("kind", "taken", "alone", "second"),
    [
        (Kind.CHARGE, 50_000, 0, False),
        (Kind.CHARGE, 50_001, 0, True),
        (Kind.CARD_FEE, 40_000, 170_000, True),
        (Kind.CARD_FEE, 30_000, 170_000, False),
        (Kind.WITHDRAWAL, 100, 0, True),
        (Kind.VOUCHER, 9_000_000, 0, False),
    ],
)
def test_a_second_hand_is_asked_for(kind, taken, alone, second):
    assert needs_second(kind, taken, alone, Ceiling()) is second


@pytest.mark.parametrize(
    ("amount", "text"),
    [(4000, "UPI/CR/1/CREDIT INTEREST PAID"), (-4000, "UPI/DR/1/charges"), (4000, "SMS CHARGES")],
)
def test_words_that_a_member_may_have_written_are_not_the_banks(amount, text):
    assert judge(line(amount, text), KNOWN).candidates == ()


def test_cash_paid_in_is_certain_when_collectors_handed_in_just_that():
    held = replace(KNOWN, desk_minor=29_360_00, handed_over={DAY: 14_680_00})
    found, certain = best(line(14_680_00, "CASH DEPOSIT BY TREASURER"), held)
    assert (found.kind, certain) == (Kind.DEPOSIT, True)
    found, certain = best(line(14_000_00, "CASH DEPOSIT BY TREASURER"), held)
    assert (found.kind, certain) == (Kind.DEPOSIT, False)
    found, certain = best(line(99_000_00, "CASH DEPOSIT BY TREASURER"), held)
    assert Reason.CASH_SHORT in found.reasons
    assert not certain


def test_a_card_payout_is_certain_while_the_company_holds_as_much():
    found, certain = best(line(9700, "NEFT*STRIPE PAYMENTS"), replace(KNOWN, provider_minor=9700))
    assert (found.kind, certain) == (Kind.PAYOUT, True)
    found, certain = best(line(9700, "NEFT*STRIPE PAYMENTS"), replace(KNOWN, provider_minor=9699))
    assert (found.kind, certain) == (Kind.PAYOUT, False)


def test_a_voucher_is_paid_for_certain_by_its_payees_card_or_our_code():
    known = replace(
        KNOWN,
        vouchers=[OpenVoucher(5, 300_000, 1), OpenVoucher(6, 300_000, 2)],
        items={"3F7KQ2MXB": SentItem(1, 6, 300_000, None)},
    )
    found, certain = best(line(-300_000, "NEFT KA/00001", cards=("KA/00001",)), known)
    assert (found.kind, found.target_id, certain) == (Kind.VOUCHER, 5, True)
    found, certain = best(line(-300_000, "NEFT 3F7KQ2MXB", codes=("3F7KQ2MXB",)), known)
    assert (found.target_id, certain) == (6, True)
    judged = judge(line(-300_000, "CHQ 12"), known)
    assert {one.target_id for one in judged.candidates} == {5, 6}
    assert not judged.certain


def test_a_file_debited_in_one_sum_is_known_by_its_code():
    known = replace(KNOWN, batches={"3F7KQ2MXB": SentBatch(9, 500_000)})
    found, certain = best(line(-500_000, "BULK 3F7KQ2MXB", codes=("3F7KQ2MXB",)), known)
    assert (found.kind, found.target_id, certain) == (Kind.BATCH, 9, True)
    assert judge(line(-499_999, "BULK", codes=("3F7KQ2MXB",)), known).candidates == ()


def test_a_payment_that_comes_back_is_known_by_its_code_or_the_banks_word():
    paid = {"3F7KQ2MXB": SentItem(1, 6, 300_000, 77)}
    known = replace(KNOWN, items=paid, by_code={})
    found, certain = best(line(300_000, "RTN 3F7KQ2MXB", codes=("3F7KQ2MXB",)), known)
    assert (found.kind, found.target_id, certain) == (Kind.RETURNED, 77, True)
    paid_by_hand = replace(known, paid_out=[BookEntry(78, -300_000, DAY, 2, voucher=True)])
    found, certain = best(line(300_000, "NEFT RETURN"), paid_by_hand)
    assert (found.kind, found.target_id, certain) == (Kind.RETURNED, 78, False)
    assert judge(line(300_000, "NEFT FROM SOMEBODY"), paid_by_hand).candidates == ()


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_has_its_side(kind):
    sides = {amount: fits_side(kind, amount) for amount in (1, -1)}
    assert sides[1] or sides[-1]
    assert (sides[1] and sides[-1]) == (kind is Kind.BOOKED)
