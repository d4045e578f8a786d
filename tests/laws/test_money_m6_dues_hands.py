"""Second hands on a round attacked by hand: joined entries, given up twice, two phones."""

from __future__ import annotations

import threading

import psycopg
import pytest
from sqlalchemy import text

from tests.builders.ledger import acting_as
from tests.laws.dues_hands import NOW, as_one, joined_round, officer, refused
from union.dues.errors import (
    BookOnOtherPhoneError,
    DifferenceSettledError,
    OwnCashError,
    SameHandError,
)
from union.dues.invariants import INVARIANTS
from union.dues.services import (
    HandOverCash,
    How,
    SettleDifference,
    SignHandOver,
    close_round,
    hand_over,
    put_down,
    register_phone,
    revoke_phone,
    settle_difference,
    settle_signature,
    sign_hand_over,
    take_along,
)
from union.kernel.actor import Actor
from union.ledger.models import Voucher
from union.ledger.services import withdraw_voucher


@pytest.fixture
def round_(own_books):
    return joined_round(own_books)


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
                ready.wait(timeout=60)
                settle_difference(work, SettleDifference(short, how, 4000))
            came.append("done")
        except DifferenceSettledError:
            came.append("refused")

    hands = [threading.Thread(target=settle, args=(how,)) for how in (How.BROUGHT, How.GIVEN_UP)]
    for one in hands:
        one.start()
    for one in hands:
        one.join(timeout=120)
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
