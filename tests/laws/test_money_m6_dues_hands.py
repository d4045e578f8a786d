"""Second hands in dues attacked by hand: joined entries, own dues, given up twice, two phones."""

from __future__ import annotations

import threading

import psycopg
import pytest
from sqlalchemy import text

from tests.builders.dues import make_payer, make_payment
from tests.builders.ledger import acting_as
from union.dues.errors import (
    BookOnOtherPhoneError,
    DifferenceSettledError,
    OwnCashError,
    OwnFavourError,
    OwnPaymentError,
    SameHandError,
)
from union.dues.invariants import INVARIANTS
from union.dues.models import Collector
from union.dues.rules.standing import Proposal
from union.dues.services import (
    GiveCreditBack,
    HandOverCash,
    How,
    IssueBook,
    NewWaiver,
    SayPaid,
    SettleDifference,
    SignHandOver,
    TakeBack,
    close_round,
    collector_for_person,
    decide_standing,
    draw_sample,
    give_credit_back,
    hand_over,
    issue_book,
    leave_said,
    propose_pays_as,
    propose_waiver,
    put_down,
    register_phone,
    revoke_phone,
    say_paid,
    settle_difference,
    settle_signature,
    sign_hand_over,
    take_along,
    take_back,
    write_round_receipt,
)
from union.kernel.actor import Actor, Grant, Role
from union.kernel.errors import NotAllowedError
from union.kernel.periods import Month
from union.ledger.models import Voucher
from union.ledger.services import withdraw_voucher

NOW = "'2026-10-16T00:00:00Z'"


@pytest.fixture
def round_(own_books):
    """Uma's round, ₹100 taken and ₹60 counted; each hand in it has a second, joined entry."""
    with own_books.work() as work:
        people = {name: make_payer(work).person_id for name in ("rani", "officer", "third")}
        twins = {name: make_payer(work).person_id for name in people}
        walker = make_payer(work, card_number="KA/08500")
        twins["uma"] = make_payer(work).person_id
        issue_book(work, IssueBook("KA/08500", 1, 50, work.clock.today()))
        book = {"collector_person_id": walker.person_id, "receipt_no": 1}
        payment = make_payment(work, people["rani"], 10000, **book)
        uma = collector_for_person(work, walker.person_id)
        people["uma"] = walker.person_id
    with own_books.attack(owner=True) as cursor:
        for name, twin in twins.items():
            cursor.execute(
                "UPDATE member SET merged_into = %s WHERE person_id = %s", [people[name], twin]
            )
    with own_books.work(officer(people["officer"])) as work:
        counted = hand_over(work, HandOverCash(uma.id, 6000, work.clock.today(), whole=False))
        said = say_paid(work, SayPaid(people["rani"], 2000, work.clock.today(), uma.id))
        draw_sample(work, work.clock.today(), work.clock.today(), 1)
    return {
        **people,
        **{f"{name}2": twin for name, twin in twins.items()},
        "collector": uma.id,
        "counted": counted.id,
        "counted_ref": counted.ref,
        "said_ref": said.ref,
        "payment": payment.id,
    }


def officer(person_id, role=Role.TREASURER):
    return Actor(person_id, 1, frozenset({Grant(role)}))


def refused(own_books, law, statement):
    with pytest.raises(psycopg.Error) as caught, own_books.attack() as cursor:
        cursor.execute(statement)
    assert law in {caught.value.diag.constraint_name, caught.value.sqlstate}, caught.value


def as_one(own_books, person_id, error, act):
    with pytest.raises(error), own_books.work(officer(person_id)) as work:
        act(work)


def test_a_joined_entry_is_no_second_hand_on_cash(own_books, round_):
    signed = (
        "INSERT INTO hand_over_signature (hand_over_id, person_id, kind, agrees, said_minor,"
        f" signed_at) VALUES ({round_['counted']}, {{}}, '{{}}', false, 9000, {NOW})"
    )
    two = "dues_hand_over_two_people"
    refused(own_books, two, signed.format(round_["officer2"], "witness"))
    refused(own_books, two, signed.format(round_["uma2"], "witness"))
    mine = SignHandOver(round_["counted_ref"])
    as_one(own_books, round_["officer2"], SameHandError, lambda work: sign_hand_over(work, mine))
    with own_books.attack() as cursor:
        cursor.execute(signed.format(round_["uma2"], "herself"))
    settled = f"UPDATE hand_over_signature SET settled_at = {NOW}, settled_by = "
    for who in ("officer", "officer2", "uma", "uma2"):
        refused(own_books, "dues_hand_over_settled_by_a_third", f"{settled}{round_[who]}")
        as_one(
            own_books,
            round_[who],
            SameHandError,
            lambda work: settle_signature(work, round_["counted_ref"]),
        )
    with own_books.attack() as cursor:
        cursor.execute(f"{settled}{round_['third']}")


def test_a_witness_who_says_otherwise_does_not_clear_it_up_herself(own_books, round_):
    with own_books.work(officer(round_["third"])) as work:
        sign_hand_over(work, SignHandOver(round_["counted_ref"], 9000))
    settled = f"UPDATE hand_over_signature SET settled_at = {NOW}, settled_by = "
    refused(own_books, "dues_hand_over_settled_by_a_third", f"{settled}{round_['third2']}")


def test_nobody_counts_her_own_round_or_settles_its_lines(own_books, round_):
    law = "dues_cash_counted_by_another"
    counted = (
        "INSERT INTO hand_over (ref, collector_id, counted_minor, in_hand_minor, whole,"
        f" happened_on, made_at, received_by) VALUES ('zzzzzzzzzzzz', {round_['collector']}, 100,"
        f" 0, false, '2026-10-16', {NOW}, {{}})"
    )
    found = (
        "INSERT INTO cash_difference (ref, collector_id, amount_minor, happened_on, made_at,"
        f" made_by) VALUES ('zzzzzzzzzzzz', {round_['collector']}, -100, '2026-10-16', {NOW}, {{}})"
    )
    with own_books.work() as work:
        day, number = work.clock.today(), round_["collector"]
    for who in ("uma", "uma2"):
        refused(own_books, law, counted.format(round_[who]))
        refused(own_books, law, found.format(round_[who]))
        as_one(
            own_books,
            round_[who],
            OwnCashError,
            lambda work: hand_over(work, HandOverCash(number, 100, day)),
        )
        as_one(own_books, round_[who], OwnCashError, lambda work: close_round(work, number))


def cash_moved(own_books, round_, table, columns, other):
    """₹30 counted or found, its cash out of (or into) her hands, posted against an account."""
    sign = 1 if table == "hand_over" else -1
    hers = f"(SELECT account_code FROM collector WHERE id = {round_['collector']})"
    movement = {"hand_over": "hand_over_id", "cash_difference": "difference_id"}[table]
    with own_books.attack() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (ref, collector_id, happened_on, made_at, {', '.join(columns)})"
            f" VALUES ('zzzzzzzzzzzz', {round_['collector']}, '2026-10-16', {NOW},"
            f" {', '.join(map(str, columns.values()))}) RETURNING id"
        )
        made = cursor.fetchone()[0]
        cursor.execute(
            f"INSERT INTO cash_movement (collector_id, amount_minor, {movement})"
            f" VALUES ({round_['collector']}, {-sign * 3000}, {made})"
        )
        cursor.execute(
            "WITH e AS (INSERT INTO journal_entry (ref, kind, happened_on, posted_on, posted_at,"
            " source_kind, source_id) VALUES ('zzzzzzzzzzzz', 'transfer', '2026-10-16',"
            f" '2026-10-16', {NOW}, '{table}', {made}) RETURNING id)"
            " INSERT INTO journal_leg (entry_id, position, account_code, fund_code, amount_minor,"
            " posted_on) SELECT e.id, n, account, 'general', amount, '2026-10-16' FROM e,"
            f" (VALUES (1, {hers}, {-sign * 3000}), (2, '{other}', {sign * 3000}))"
            " leg(n, account, amount)"
        )


COUNTED = {"counted_minor": 3000, "in_hand_minor": 0, "whole": "false"}
FOUND = {"amount_minor": 3000}


@pytest.mark.parametrize(
    ("table", "columns", "other", "law"),
    [
        ("hand_over", COUNTED, "1090", "dues_round_cash_is_posted"),
        ("cash_difference", FOUND, "1110", "ledger_m6_collectors_hold_receipts"),
    ],
)
def test_cash_counted_and_what_differs_stand_in_the_books_as_they_are(
    own_books, round_, table, columns, other, law
):
    with pytest.raises(psycopg.Error) as caught:
        cash_moved(own_books, round_, table, columns, other)
    assert caught.value.diag.constraint_name == law, caught.value


@pytest.mark.parametrize("who", ["rani", "rani2"])
def test_nobody_takes_her_own_dues_or_decides_in_her_own_favour(own_books, round_, who):
    me = round_[who]
    paid = (
        "INSERT INTO dues_payment (ref, person_id, amount_minor, credit_minor, method, source,"
        " happened_on, received_at, received_by) VALUES ('zzzzzzzzzzzz',"
        f" {round_['rani']}, 100, 100, '{{}}', {{}}, '2026-10-16', {NOW}, {me})"
    )
    refused(own_books, "dues_paid_to_another", paid.format("cash", "NULL"))
    refused(own_books, "dues_paid_to_another", paid.format("cash", "'said_paid:9'"))
    refused(own_books, "dues_paid_to_another", paid.format("upi", "NULL"))
    law = "dues_decided_by_another"
    about = f"(person_id, made_at, made_by, {{}}) VALUES ({round_['rani']}, {NOW}, {me}, {{}})"
    waived = "'zzzzzzzzzzzz', '2026-10-01', 'illness'"
    for table, columns, values in (
        ("dues_waiver", "ref, from_month, reason", waived),
        ("dues_pays_as", "category, from_month", "'reduced', '2026-10-01'"),
        ("dues_refund", "ref, amount_minor", "'zzzzzzzzzzzz', 100"),
    ):
        refused(own_books, law, f"INSERT INTO {table} {about.format(columns, values)}")
    taken_back = (
        "INSERT INTO dues_reversal (ref, payment_id, reason, happened_on, made_at, made_by) VALUES"
        f" ('zzzzzzzzzzzz', {round_['payment']}, 'twice', '2026-10-16', {NOW}, {me})"
    )
    refused(own_books, law, taken_back)
    rani, october = round_["rani"], Month(2026, 10)
    for error, act in (
        (OwnPaymentError, lambda work: make_payment(work, rani, 100)),
        (OwnFavourError, lambda work: propose_pays_as(work, rani, "reduced", october)),
        (
            OwnFavourError,
            lambda work: propose_waiver(work, NewWaiver(rani, october, None, "illness")),
        ),
        (OwnFavourError, lambda work: give_credit_back(work, GiveCreditBack(rani, 100))),
        (OwnFavourError, lambda work: take_back(work, TakeBack(round_["payment"], "twice"))),
        (NotAllowedError, lambda work: decide_standing(work, rani, Proposal.SUSPEND)),
        (SameHandError, lambda work: leave_said(work, round_["said_ref"])),
    ):
        as_one(own_books, me, error, act)
    standing = (
        "INSERT INTO dues_standing_event (ref, person_id, what, on_day, rule_id, made_at, made_by)"
        f" SELECT 'zzzzzzzzzzzz', {rani}, 'suspended', '2026-10-16', max(id), {NOW}, {me}"
        " FROM dues_rule"
    )
    refused(own_books, "dues_standing_decided_by_another", standing)
    answered = f"UPDATE receipt_sample_item SET answer = 'agrees', asked_at = {NOW}, asked_by = "
    refused(own_books, "dues_sample_asked_by_another", f"{answered}{me}")
    refused(own_books, "dues_sample_asked_by_another", f"{answered}{round_['uma2']}")
    said = f"UPDATE said_paid SET outcome = 'unclear', settled_at = {NOW}, settled_by = "
    refused(own_books, "dues_said_paid_settled_by_another", f"{said}{me}")
    refused(own_books, "dues_said_paid_settled_by_another", f"{said}{round_['uma2']}")


def test_a_collector_writes_no_receipt_for_herself(own_books, round_):
    with own_books.work() as work:
        card = work.session.get_one(Collector, round_["collector"]).card_number
    as_one(
        own_books,
        round_["uma"],
        Exception,
        lambda work: write_round_receipt(work, card, 2000, 2),
    )
    with own_books.attack() as cursor:
        cursor.execute("SELECT count(*) FROM dues_payment WHERE person_id = %s", [round_["uma"]])
        assert cursor.fetchone() == (0,)


@pytest.fixture
def short(own_books, round_):
    """₹40 of Uma's are short."""
    with own_books.work(officer(round_["officer"])) as work:
        return close_round(work, round_["collector"]).ref


def give_up(work, ref, amount_minor):
    return settle_difference(work, SettleDifference(ref, How.GIVEN_UP, amount_minor))


def test_money_is_not_brought_and_given_up_both(own_books, round_, short):
    with own_books.work(officer(round_["officer"])) as work:
        made = give_up(work, short, 3000)
    brought = SettleDifference(short, How.BROUGHT, 1001)
    as_one(
        own_books,
        round_["officer"],
        DifferenceSettledError,
        lambda work: settle_difference(work, brought),
    )
    refused(
        own_books,
        "dues_difference_as_large_as_it_is",
        "INSERT INTO difference_settlement (ref, difference_id, amount_minor, how, happened_on,"
        " made_at, made_by) SELECT 'zzzzzzzzzzzz', id, 1001, 'brought', '2026-10-16',"
        f" {NOW}, {round_['officer']} FROM cash_difference",
    )
    with own_books.work(officer(round_["officer"])) as work:
        settle_difference(work, SettleDifference(short, How.BROUGHT, 1000))
        withdraw_voucher(work, made["voucher"])
        settle_difference(work, SettleDifference(short, How.BROUGHT, 1000))
        assert (
            work.session.scalar(text("SELECT dues_difference_free(max(id)) FROM cash_difference"))
            == 2000
        )
    voucher = (
        "INSERT INTO voucher (ref, fund_code, money_account_code, spend_account_code,"
        " payee_person_id, amount_minor, source_kind, source_id, prepared_at, content_hash)"
        " SELECT 'zzzzzzzzzzzz', 'general', '{}', '5320', {}, {}, 'cash_difference', id,"
        f" {NOW}, '' FROM cash_difference"
    )
    law = "dues_difference_as_large_as_it_is"
    refused(own_books, law, voucher.format("1090", round_["uma"], 2001))
    refused(own_books, law, voucher.format("1110", round_["uma"], 2000))
    refused(own_books, law, voucher.format("1090", round_["third"], 2000))


def test_two_who_settle_at_once_settle_it_once(own_books, round_, short):
    """One gives all of it up, the other books that it was brought: one of them is refused."""
    came, ready = [], threading.Barrier(2)

    def settle(how):
        try:
            with own_books.work(officer(round_["officer"])) as work:
                ready.wait(timeout=20)
                settle_difference(work, SettleDifference(short, how, 4000))
            came.append("done")
        except DifferenceSettledError:
            came.append("refused")

    hands = [threading.Thread(target=settle, args=(how,)) for how in (How.BROUGHT, How.GIVEN_UP)]
    for one in hands:
        one.start()
    for one in hands:
        one.join(timeout=60)
    assert sorted(came) == ["done", "refused"]
    with own_books.work() as work:
        query = INVARIANTS["no_difference_is_settled_or_given_up_twice"]
        assert work.session.execute(text(query)).all() == []


def test_a_given_up_shortage_has_one_voucher(own_books, round_, short):
    with own_books.work(officer(round_["officer"])) as work:
        give_up(work, short, 4000)
        assert work.session.query(Voucher).filter_by(source_kind="cash_difference").count() == 1
    as_one(
        own_books,
        round_["officer"],
        DifferenceSettledError,
        lambda work: give_up(work, short, 4000),
    )


def test_no_number_is_on_two_phones_and_what_a_phone_holds_is_kept(own_books, round_):
    uma = Actor(round_["uma"], 1, frozenset())
    with own_books.work(uma) as work:
        first, second = register_phone(work), register_phone(work)
        take_along(work, first.ref)
        with pytest.raises(BookOnOtherPhoneError):
            take_along(work, second.ref)
    held = (
        "INSERT INTO round_hold (device_id, collector_id, first_no, last_no, taken_at)"
        f" VALUES ({second.id}, {round_['collector']}, 50, 60, {NOW})"
    )
    refused(own_books, "round_hold_numbers_excl", held)
    refused(own_books, "42501", "UPDATE round_hold SET last_no = 20")
    refused(own_books, "42501", "DELETE FROM round_hold")
    with own_books.work(uma) as work:
        put_down(work, first.ref)
    back = f"UPDATE round_hold SET left_at = {NOW}"
    refused(own_books, "dues_hold_is_kept", back)
    with own_books.work(uma) as work:
        take_along(work, second.ref)
        revoke_phone(work, second.ref)
        take_along(work, first.ref)
    with own_books.work(uma) as work, acting_as(work, uma):
        assert work.session.execute(text(INVARIANTS["no_number_is_on_two_phones"])).all() == []
