"""Transfers attacked by hand: none goes where nobody told of it, none stands without its line."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from tests.builders.bank import line_saying, make_statement
from tests.builders.dues import make_payer, make_payment
from tests.laws.bank_lines import confirm_raw, decide_raw, forge_statement, link_raw, say_raw
from tests.laws.money import post, refused
from union.bank.invariants import INVARIANTS as OF_THE_BANK
from union.bank.queries.reconciliation import transfers_unmet
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import Kind
from union.bank.services import decide_line
from union.checkout.invariants import INVARIANTS as OF_CARDS
from union.dues.errors import SameHandError
from union.dues.invariants import INVARIANTS as OF_DUES
from union.dues.services import HandOverCash, collector_for_person, hand_over
from union.ledger.invariants import INVARIANTS as OF_THE_BOOKS
from union.ledger.models import JournalEntry
from union.ledger.services.donations import NewDonation, take_donation

TOLD = "ledger_m6_transfer_is_told"
DRAWN = (("1010", "general", 5000), ("1110", "general", -5000))
CLOSE = """UPDATE accounting_period SET status = 'closed', closed_at = '2026-10-16T00:00:00Z'
            WHERE first_on = %s"""
NOW = "'2026-10-16T00:00:00Z'"


@pytest.mark.parametrize(
    ("places", "source"),
    [
        ("1120 1090", "attack"),
        ("1090 1110", "attack"),
        ("1110 1090", "attack"),
        ("1010 1090", "attack"),
        ("1090 1010", "difference_settlement"),
        ("1010 1090", "hand_over"),
        ("1090 1010", "cash_difference"),
        ("1120 1010", "attack"),
        ("1010 1120", "card_line"),
        ("1010 1110", "float_return"),
        ("1120 1110", "float_return"),
    ],
)
def test_no_transfer_goes_where_nobody_told_of_it(books, places, source):
    to, off = places.split()
    with refused(TOLD), books.attack() as cursor:
        legs = ((to, "general", 700), (off, "general", -700))
        post(cursor, "transfer", *legs, source_kind=source)


def test_between_box_bank_and_card_company_it_goes_by_the_bank(books):
    with books.attack() as cursor:
        post(cursor, "transfer", *DRAWN)
        post(cursor, "transfer", ("1110", "general", 5000), ("1010", "general", -5000))
        post(cursor, "transfer", ("1120", "general", 70), ("1110", "general", -70))


def unmet(own_books, day):
    with own_books.work() as work:
        return transfers_unmet(work.session, day)


def violated(own_books, query):
    with own_books.work() as work:
        return [row[0] for row in work.session.execute(text(query)).all()]


def test_no_month_is_closed_over_a_transfer_that_met_no_line(own_books):
    with own_books.attack() as cursor:
        entry = post(cursor, "transfer", *DRAWN, on="2026-04-10")
    assert unmet(own_books, date(2026, 4, 16)) == 0
    assert unmet(own_books, date(2026, 4, 17)) == 1
    with refused("bank_m3_transfers_met_a_line"), own_books.attack() as cursor:
        cursor.execute(CLOSE, ["2026-04-01"])
    back = [(account, fund, -amount) for account, fund, amount in DRAWN]
    with own_books.attack() as cursor:
        post(cursor, "reversal", *back, source_kind="journal_entry", source_id=entry,
             reverses=entry, on="2026-04-11")  # fmt: skip
        cursor.execute(CLOSE, ["2026-04-01"])


def test_one_of_the_last_week_waits_for_the_next_months_close(own_books):
    with own_books.attack() as cursor:
        post(cursor, "transfer", *DRAWN, on="2026-04-28")
        cursor.execute(CLOSE, ["2026-04-01"])
    with refused("bank_m3_transfers_met_a_line"), own_books.attack() as cursor:
        cursor.execute(CLOSE, ["2026-05-01"])


def test_one_that_met_its_line_holds_up_nothing_and_check_tells_one_that_never_did(own_books):
    me, other = own_books.treasurer.person_id, own_books.signatory.person_id
    query = OF_THE_BANK["bank.transfers_met_a_line"]
    with own_books.attack() as cursor:
        _, (line,) = forge_statement(cursor, -5000)
        word = say_raw(cursor, line, "withdrawal", me)
        confirm_raw(cursor, word, other)
        decision = decide_raw(cursor, line, "withdrawal", by=me, word=word)
        link_raw(cursor, post(cursor, "transfer", *DRAWN), line, decision)
    assert violated(own_books, query) == []
    with own_books.attack() as cursor:
        entry = post(cursor, "transfer", *DRAWN)
    assert violated(own_books, query) == [entry]


def receipt_by_hand(own_books):
    """The treasurer wrote that Rani paid ₹200 through the bank; a stranger's ₹200 came there."""
    with own_books.work(own_books.treasurer) as work:
        rani = make_payer(work).person_id
        payment = make_payment(work, rani, 20000, method="bank")
        entry = work.session.query(JournalEntry).filter_by(
            source_kind="dues_payment", source_id=payment.id
        )
        make_statement(work, ("13/10/2026", "UPI SHANTA", 20000), opening_minor=1)
        found = line_saying(work, "SHANTA").line
        return entry.one().id, found.id, found.ref


def test_who_wrote_a_receipt_does_not_cover_it_with_a_strangers_line(own_books):
    entry, line, line_ref = receipt_by_hand(own_books)
    it_is = Choice(Kind.BOOKED, target_id=entry)
    with pytest.raises(SameHandError), own_books.work(own_books.treasurer) as work:
        decide_line(work, line_ref, it_is)
    with refused("bank_m6_receipt_met_by_another"), own_books.attack() as cursor:
        decision = decide_raw(cursor, line, "booked", by=own_books.treasurer.person_id)
        link_raw(cursor, entry, line, decision)
    with own_books.work(own_books.signatory) as work:
        decide_line(work, line_ref, it_is)
    query = OF_THE_BANK["bank.receipts_meet_their_line_by_another"]
    assert violated(own_books, query) == []


def planted(own_books, query, tables, plant):
    """What ``union check`` says of what the owner of the database planted; nothing of it stays."""
    with own_books.attack(owner=True) as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        made = plant(cursor)
        cursor.execute(query)
        found = [row[0] for row in cursor.fetchall()]
        cursor.connection.rollback()
    return made, found


def gift_by_hand(own_books):
    """The treasurer wrote a gift of ₹500 through the bank; a stranger's ₹500 came there."""
    with own_books.work(own_books.treasurer) as work:
        day = date(2026, 10, 13)
        made = take_donation(work, NewDonation("4110", "general", "1110", 50000, day))
        entry = work.session.query(JournalEntry).filter_by(
            source_kind="donation", source_id=made.id
        )
        make_statement(work, ("13/10/2026", "UPI SHANTA", 50000), opening_minor=1)
        found = line_saying(work, "SHANTA").line
        return entry.one().id, found.id, found.ref


def test_who_wrote_a_gift_down_does_not_cover_it_with_a_strangers_line(own_books):
    entry, line, line_ref = gift_by_hand(own_books)
    it_is = Choice(Kind.BOOKED, target_id=entry)
    with pytest.raises(SameHandError), own_books.work(own_books.treasurer) as work:
        decide_line(work, line_ref, it_is)

    def linked(cursor):
        decision = decide_raw(cursor, line, "booked", by=own_books.treasurer.person_id)
        link_raw(cursor, entry, line, decision)
        return line

    with refused("bank_m6_receipt_met_by_another"), own_books.attack() as cursor:
        linked(cursor)
    query = OF_THE_BANK["bank.receipts_meet_their_line_by_another"]
    made, found = planted(own_books, query, ("bank_line_entry",), linked)
    assert found == [made]
    with own_books.work(own_books.signatory) as work:
        decide_line(work, line_ref, it_is)
    assert violated(own_books, query) == []


BOOKS = ("journal_entry", "journal_leg")


@pytest.mark.parametrize("name", ["ledger.transfers_are_told", "ledger.cash_differences_are_told"])
def test_check_tells_a_shortage_that_was_parked_with_the_card_company(own_books, name):
    legs = (("1120", "general", 700), ("1090", "general", -700))
    made, found = planted(
        own_books, OF_THE_BOOKS[name], BOOKS, lambda cursor: post(cursor, "transfer", *legs)
    )
    assert found == [made]


@pytest.fixture
def walker(own_books):
    """A collector with ₹100 in her hands, of which ₹60 were counted."""
    with own_books.work() as work:
        rani, uma = (make_payer(work).person_id for _ in range(2))
        make_payment(work, rani, 10000, collector_person_id=uma, receipt_no=1)
        collector = collector_for_person(work, uma)
    with own_books.work(own_books.treasurer) as work:
        hand_over(work, HandOverCash(collector.id, 6000, work.clock.today(), whole=False))
    return collector


def made_up(cursor, collector, amount):
    """₹15 of a collector's called short, in the books as a difference is."""
    cursor.execute(
        "INSERT INTO cash_difference (ref, collector_id, amount_minor, happened_on, made_at)"
        f" VALUES ('zzzzzzzzzzzz', {collector.id}, {-amount}, '2026-10-16', {NOW}) RETURNING id"
    )
    made = cursor.fetchone()[0]
    cursor.execute(
        "INSERT INTO cash_movement (collector_id, amount_minor, difference_id)"
        f" VALUES ({collector.id}, {-amount}, {made})"
    )
    legs = (("1090", "general", amount), (collector.account_code, "general", -amount))
    post(cursor, "transfer", *legs, source_kind="cash_difference", source_id=made)
    return made


def test_no_shortage_is_made_up(own_books, walker):
    with refused("dues_m5_difference_is_what_was_left"), own_books.attack() as cursor:
        made_up(cursor, walker, 1500)
    made, found = planted(
        own_books,
        OF_DUES["differences_are_what_was_left_in_her_hands"],
        ("cash_difference", "cash_movement", *BOOKS),
        lambda cursor: made_up(cursor, walker, 1500),
    )
    assert found == [made]


def settled_elsewhere(cursor, walker):
    """A shortage said to have been brought, and no cash in the box for it."""
    difference = made_up(cursor, walker, 4000)
    cursor.execute(
        "INSERT INTO difference_settlement (ref, difference_id, amount_minor, how, happened_on,"
        f" made_at, made_by) SELECT 'zzzzzzzzzzzz', {difference}, 4000, 'brought', '2026-10-16',"
        f" {NOW}, min(id) FROM person RETURNING id"
    )
    settlement = cursor.fetchone()[0]
    legs = (("1110", "general", 4000), ("1090", "general", -4000))
    post(cursor, "transfer", *legs, source_kind="difference_settlement", source_id=settlement)
    return settlement


def test_what_was_brought_lies_in_the_box(own_books, walker):
    with refused("dues_settlement_is_posted"), own_books.attack() as cursor:
        settled_elsewhere(cursor, walker)
    made, found = planted(
        own_books,
        OF_DUES["settlements_are_booked_as_told"],
        ("cash_difference", "cash_movement", "difference_settlement", *BOOKS),
        lambda cursor: settled_elsewhere(cursor, walker),
    )
    assert found == [made]


def forged_line(cursor, kind, amount):
    cursor.execute(
        "INSERT INTO card_line (ref, provider, provider_id, kind, amount_minor, fee_minor,"
        " happened_at, happened_on, object_id, read_at) VALUES ('zzzzzzzzzzzz', 'stripe',"
        f" 'txn_forged', '{kind}', {amount}, 0, {NOW}, '2026-10-16', 'po_none', {NOW})"
        " RETURNING id"
    )
    return cursor.fetchone()[0]


def test_check_tells_a_payout_that_never_went_and_came_back(own_books):
    made, found = planted(
        own_books,
        OF_CARDS["payouts_that_came_back_had_gone"],
        ("card_line",),
        lambda cursor: forged_line(cursor, "payout_back", 5000),
    )
    assert found == [made]


def test_check_tells_a_fee_the_card_company_never_took(own_books):
    """The company goes on holding more than our books, hour after hour, by just that."""

    def plant(cursor):
        forged_line(cursor, "fee", -5000)
        for hour, gap in (("T07", 5000), ("T08", 5000), ("T09", 5000)):
            cursor.execute(
                "INSERT INTO card_reconciliation (name, period, claimed_at, lease_until,"
                " finished_at, missed, held_minor, booked_minor) VALUES ('cards', %s, now(),"
                " now(), now(), 0, 8000, %s)",
                [f"2026-10-16{hour}", 8000 - gap],
            )
        return "2026-10-16T09"

    query = OF_CARDS["provider_holds_what_is_booked"]
    made, found = planted(own_books, query, ("card_line", "card_reconciliation"), plant)
    assert found == [made]


def deposited(cursor, amount):
    """Cash called paid in, as if the rule itself had been sure of it."""
    _, (line,) = forge_statement(cursor, amount)
    decision = decide_raw(cursor, line, "deposit")
    legs = (("1110", "general", amount), ("1010", "general", -amount))
    link_raw(cursor, post(cursor, "transfer", *legs), line, decision)
    return line


def test_check_tells_a_deposit_nobody_said_that_collectors_did_not_hand_in(own_books, walker):
    query = OF_THE_BANK["bank.cash_nobody_saw_paid_in_was_handed_in"]
    for amount, told in ((6000, False), (5900, True)):
        line, found = planted(
            own_books, query, (), lambda cursor, amount=amount: deposited(cursor, amount)
        )
        assert found == ([line] if told else [])
