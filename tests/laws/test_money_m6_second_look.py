"""M6, looked at once more: one hand takes no money out by a gift, a line of the bank or a receipt.

By hand-written SQL with the application's login, and by the services the pages call.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.builders.bank import line_saying, make_statement
from tests.builders.dues import make_payer, make_payment
from tests.builders.legal import make_case, make_paralegal
from tests.builders.members import make_member
from tests.builders.welfare import make_claim, make_committee, make_scheme
from tests.laws.bank_lines import (
    charged_raw,
    confirm_raw,
    decide_raw,
    forge_statement,
    link_raw,
    say_raw,
)
from tests.laws.money import Books, post, refused
from tests.laws.test_we_claims_go_their_way import DECIDE, HEAR
from union.bank.errors import ChoiceGoneError, SecondHandNeededError
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import Kind
from union.bank.services import decide_line
from union.dues.errors import SameHandError
from union.dues.services import TakeBack, take_back
from union.kernel.actor import Actor, Grant, Role
from union.kernel.errors import NotAllowedError
from union.ledger.errors import OtherHandNeededError
from union.ledger.services import NewDonation, take_back_donation, take_donation
from union.legal.services import NewCase, open_case
from union.members.services.pairs import merge_members
from union.welfare.errors import OwnClaimError, SameHandsError
from union.welfare.rules import Departure, Outcome
from union.welfare.services import Ruling, appeal_claim, decide_claim, hear_claimant

TAKEN_BACK = """INSERT INTO dues_reversal (ref, payment_id, reason, happened_on, made_at, made_by)
                VALUES ('zzzzzzzzzzzz', %s, 'twice', '2026-10-16', '2026-10-16T00:00Z', %s)"""


def gift(books: Books, account: str) -> tuple[str, int]:
    """A gift of ₹70,000 as the treasurer writes it; its reference and its entry."""
    with books.work(books.treasurer) as work:
        day = date(2026, 10, 10)
        made = take_donation(work, NewDonation("4110", "general", account, 7_000_000, day))
        ref, number = made.ref, made.id
    with books.attack() as cursor:
        cursor.execute(
            "SELECT id FROM journal_entry WHERE source_kind = 'donation' AND source_id = %s",
            [number],
        )
        return ref, cursor.fetchone()[0]


def twice(books: Books, make=make_member) -> tuple[int, int]:
    """Two entries of the register that are one woman: the kept one, and the other."""
    with books.work() as work:
        kept, gone = make(work).person_id, make_member(work).person_id
    with books.work() as work:
        merge_members(work, kept, gone)
    return kept, gone


def test_money_that_went_is_not_a_gift_that_was_taken_back(own_books):
    ref, _ = gift(own_books, "1110")
    with own_books.work(own_books.treasurer) as work:
        back = take_back_donation(work, ref).id
    with own_books.work() as work:
        make_statement(work, ("12/10/2026", "NEFT FRIEND", -7_000_000), opening_minor=9_000_000)
        line = line_saying(work, "FRIEND").line
        line_ref, line_id = line.ref, line.id
    with pytest.raises(ChoiceGoneError), own_books.work(own_books.treasurer) as work:
        decide_line(work, line_ref, Choice(Kind.BOOKED, target_id=back))
    for kind in ("booked", "voucher", "returned"):
        with refused("bank_m6_second_hand"), own_books.attack() as cursor:
            decision = decide_raw(cursor, line_id, kind, by=own_books.treasurer.person_id)
            link_raw(cursor, back, line_id, decision)


def test_money_that_came_is_called_cash_of_ours_by_two(own_books):
    me, other = own_books.treasurer.person_id, own_books.signatory.person_id
    legs = (("1110", "general", 500000), ("1010", "general", -500000))
    with own_books.work() as work:
        make_statement(work, ("13/10/2026", "UPI SHANTA", 500000), opening_minor=1)
        line_ref = line_saying(work, "SHANTA").line.ref
    with pytest.raises(SecondHandNeededError), own_books.work(own_books.treasurer) as work:
        decide_line(work, line_ref, Choice(Kind.DEPOSIT))
    with own_books.attack() as cursor:
        _, (line, went) = forge_statement(cursor, 500000, -1000)
    with refused("bank_m6_second_hand"), own_books.attack() as cursor:
        decide_raw(cursor, line, "deposit", by=me)
    with refused("bank_m6_second_hand"), own_books.attack() as cursor:
        confirm_raw(cursor, say_raw(cursor, line, "deposit", me), me)
    for wrong, kind in ((went, "deposit"), (line, "withdrawal")):
        with refused("bank_m6_word_begins_open"), own_books.attack() as cursor:
            say_raw(cursor, wrong, kind, me)
    with own_books.attack() as cursor:
        word = say_raw(cursor, line, "deposit", me)
        confirm_raw(cursor, word, other)
        decision = decide_raw(cursor, line, "deposit", by=me, word=word)
        link_raw(cursor, post(cursor, "transfer", *legs), line, decision)
        cursor.execute("SELECT entry_id FROM bank_line_entry WHERE decision_id IS NULL"
                       " AND line_id = %s", [line])  # fmt: skip
        waited = cursor.fetchone()[0]
        back = (("1110", "general", -500000), ("2190", "general", 500000))
        post(cursor, "reversal", *back, source_kind="journal_entry", source_id=waited,
             reverses=waited)  # fmt: skip


def test_cash_for_a_gift_is_taken_back_by_another(own_books):
    ref, entry = gift(own_books, "1010")
    back = (("1010", "general", -7_000_000), ("4110", "general", 7_000_000))
    same = {"source_kind": "journal_entry", "source_id": entry, "reverses": entry}
    with refused("ledger_m6_cash_taken_back_by_another"), own_books.attack() as cursor:
        post(cursor, "reversal", *back, **same)
    with pytest.raises(OtherHandNeededError), own_books.work(own_books.treasurer) as work:
        take_back_donation(work, ref)
    with own_books.work(own_books.signatory) as work:
        take_back_donation(work, ref)


def test_cash_for_dues_is_taken_back_by_another_also_under_a_joined_entry(own_books):
    with own_books.work() as work:
        payer = make_payer(work).person_id
        took, also = make_member(work).person_id, make_member(work).person_id
    treasurer = Actor(took, None, frozenset({Grant(Role.TREASURER)}))
    with own_books.work(treasurer) as work:
        cash = make_payment(work, payer, 40000).id
        told = make_payment(work, payer, 20000, method="bank").id
    with own_books.work() as work:
        merge_members(work, also, took)
    for hand in (took, also):
        with refused("ledger_m6_cash_taken_back_by_another"), own_books.attack() as cursor:
            cursor.execute(TAKEN_BACK, [cash, hand])
        actor = Actor(hand, None, frozenset({Grant(Role.TREASURER)}))
        with pytest.raises(SameHandError), own_books.work(actor) as work:
            take_back(work, TakeBack(cash, "twice"))
    with own_books.work(treasurer) as work:
        take_back(work, TakeBack(told, "wrong_member"))
    with own_books.work(own_books.signatory) as work:
        take_back(work, TakeBack(cash, "twice"))


def committee(person_id: int) -> Actor:
    return Actor(person_id, None, frozenset({Grant(Role.WELFARE_COMMITTEE)}))


@pytest.mark.parametrize("hers", [0, 1])
def test_nobody_judges_her_own_claim_under_another_entry(own_books, hers):
    with own_books.work() as work:
        make_scheme(work)
        make_committee(work)
        claim = make_claim(work)
        kept, gone = claim.person_id, make_member(work).person_id
        if hers:
            kept, gone = gone, kept
        ref, number, other = claim.ref, claim.id, gone if kept == claim.person_id else kept
    with own_books.work() as work:
        merge_members(work, kept, gone)
    values = {"claim": number, "by": other, "outcome": "grant", "days": 10, "amount": 150000,
              "why": "hardship"}  # fmt: skip
    with refused("claim_hearing_not_claimant_check"), own_books.attack() as cursor:
        cursor.execute(HEAR, values)
    with refused("claim_decision_not_claimant_check"), own_books.attack() as cursor:
        cursor.execute(DECIDE, values)
    with pytest.raises(OwnClaimError), own_books.work(committee(other)) as work:
        hear_claimant(work, ref, "I said so")


def test_after_an_appeal_the_same_woman_does_not_judge_under_another_entry(own_books):
    kept, gone = twice(own_books)
    with own_books.work() as work:
        make_scheme(work)
        make_committee(work)
        claim = make_claim(work)
        ref, number, claimant = claim.ref, claim.id, claim.person_id
    with own_books.work(committee(gone)) as work:
        hear_claimant(work, ref, "she spoke")
        decide_claim(work, ref, Ruling(Outcome.REFUSE, departure=Departure.EVIDENCE_DOUBTED))
    with own_books.work(Actor(claimant, None, frozenset())) as work:
        appeal_claim(work, ref)
    values = {"claim": number, "by": kept, "outcome": "grant", "days": 10, "amount": 150000,
              "why": "hardship"}  # fmt: skip
    with refused("claim_decision_other_hands_key"), own_books.attack() as cursor:
        cursor.execute(DECIDE, values)
    with pytest.raises(SameHandsError), own_books.work(committee(kept)) as work:
        hear_claimant(work, ref, "once more")


def test_nobody_has_her_own_case_under_another_entry(own_books):
    kept, gone = twice(own_books)
    with own_books.work() as work:
        make_case(work, make_paralegal(work), kept)
    with refused("legal_case_not_her_own_check"), own_books.attack() as cursor:
        cursor.execute("UPDATE legal_case SET assignee_person_id = %s", [gone])
    for mine, subject in ((gone, kept), (kept, gone)):
        actor = Actor(mine, None, frozenset({Grant(Role.PARALEGAL)}))
        with pytest.raises(NotAllowedError), own_books.work(actor) as work:
            open_case(work, NewCase(subject))


def test_a_charge_that_was_taken_back_counts_in_no_months_sum(own_books):
    with own_books.attack() as cursor:
        _, lines = forge_statement(cursor, *[-50000] * 5)
        for line in lines[:4]:
            charged_raw(cursor, line, 50000)
        cursor.execute("SELECT entry_id FROM bank_line_entry WHERE line_id = %s", [lines[0]])
        taken = cursor.fetchone()[0]
    with refused("bank_m6_second_hand"), own_books.attack() as cursor:
        charged_raw(cursor, lines[4], 50000)
    with own_books.attack() as cursor:
        back = (("1110", "general", 50000), ("1190", "general", -50000))
        post(cursor, "reversal", *back, source_kind="journal_entry", source_id=taken,
             reverses=taken)  # fmt: skip
        charged_raw(cursor, lines[4], 50000)
