"""M6 on bank lines: one movement a line, and a second hand wherever money went."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.builders.bank import line_saying, make_statement
from tests.laws.bank_lines import (
    came,
    charge_raw,
    charged_raw,
    confirm_raw,
    decide_raw,
    link_raw,
    say_raw,
    sound,
)
from tests.laws.money import post, refused, voucher
from union.bank.errors import SameHandError, SecondHandNeededError
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import Kind
from union.bank.services import confirm_word, decide_line, say_line
from union.infra.people import new_person
from union.kernel.errors import UnionError

DRAWN = (("1010", "general", 5000), ("1110", "general", -5000))


def join(books, gone: int, kept: int) -> None:
    """Two entries of the register turn out to be one person."""
    with books.attack(owner=True) as cursor:
        for person, into in ((kept, None), (gone, kept)):
            cursor.execute(
                "INSERT INTO member (person_id, ref, key_ref, joined_precision, status, made_at,"
                " merged_into) VALUES (%s, %s, gen_random_uuid(), 'day', 'active', '2026-01-01',"
                " %s)",
                [person, f"member{person:06d}", into],
            )


def test_one_line_is_one_movement(own_books):
    """A line that paid a voucher is no charge as well, by whatever decision or link."""
    with own_books.work() as work:
        paid = voucher(work, own_books, own_books.treasurer, own_books.signatory)
    (line,) = came(own_books, -50000)
    with own_books.attack() as cursor:
        legs = (("5010", "welfare", 50000), ("1110", "welfare", -50000))
        entry = post(cursor, "payment", *legs, source_kind="voucher", source_id=paid, voucher=paid)
        decision = decide_raw(cursor, line, "voucher")
        link_raw(cursor, entry, line, decision)
    with refused("bank_m6_charge_is_its_line"), own_books.attack() as cursor:
        charge_raw(cursor, line, 50000)
    for said in (decision, None):
        with pytest.raises(psycopg.Error), own_books.attack() as cursor:
            link_raw(cursor, charge_raw(cursor, line, 50000), line, said)
    with refused("bank_m4_line_decided_once"), own_books.attack() as cursor:
        charged_raw(cursor, line, 50000, number=2)
    sound(own_books)


def test_a_second_entry_does_not_hang_on_a_line(own_books):
    (line,) = came(own_books, -5000)
    with own_books.attack() as cursor:
        charged_raw(cursor, line, 5000)
    for kind, legs in (
        ("receipt", (("1110", "general", -5000), ("4110", "general", 5000))),
        ("transfer", DRAWN),
    ):
        with pytest.raises(psycopg.Error), own_books.attack() as cursor:
            link_raw(cursor, post(cursor, kind, *legs), line, None)
    (incoming,) = came(own_books, 700)
    legs = (("1110", "general", 700), ("2190", "general", -700))
    with refused("bank_m5_booked_is_the_line"), own_books.attack() as cursor:
        link_raw(cursor, post(cursor, "receipt", *legs), incoming, None)


@pytest.mark.parametrize("kind", ["charge", "card_fee"])
def test_nobody_alone_calls_a_large_line_a_charge(own_books, kind):
    (line,) = came(own_books, -50001)
    for by in (None, own_books.treasurer.person_id):
        with refused("bank_m6_second_hand"), own_books.attack() as cursor:
            charged_raw(cursor, line, 50001, kind=kind, by=by)


def test_many_small_charges_of_a_month_are_looked_at_too(own_books):
    lines = came(own_books, *[-50000] * 5)
    for line in lines[:4]:
        with own_books.attack() as cursor:
            charged_raw(cursor, line, 50000)
    with refused("bank_m6_second_hand"), own_books.attack() as cursor:
        charged_raw(cursor, lines[4], 50000)
    sound(own_books)


def test_small_charges_at_once_do_not_slip_over_the_months_sum(own_books):
    lines = came(own_books, *[-50000] * 6)

    def take(line):
        try:
            with own_books.attack() as cursor:
                charged_raw(cursor, line, 50000)
        except psycopg.errors.CheckViolation:
            return 0
        return 1

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(take, lines)) == 4
    sound(own_books)


def test_a_word_needs_another_persons_yes_and_is_of_its_line(own_books):
    mine, hers = own_books.treasurer.person_id, own_books.signatory.person_id
    line, other = came(own_books, -60000, -60000)
    with own_books.attack() as cursor:
        word = say_raw(cursor, line, "charge", mine)
    with refused("bank_m6_second_hand"), own_books.attack() as cursor:
        charged_raw(cursor, line, 60000, by=mine, word=word)
    with refused("bank_m6_second_hand"), own_books.attack() as cursor:
        confirm_raw(cursor, word, mine)
    with pytest.raises(psycopg.errors.CheckViolation), own_books.attack() as cursor:
        confirm_raw(cursor, word, None)
    with own_books.attack() as cursor:
        confirm_raw(cursor, word, hers)
    for at, kind, by in (
        (other, "charge", mine),
        (line, "withdrawal", mine),
        (line, "charge", hers),
    ):
        with refused("bank_m6_second_hand"), own_books.attack() as cursor:
            decide_raw(cursor, at, kind, by=by, word=word)
    with own_books.attack() as cursor:
        charged_raw(cursor, line, 60000, by=mine, word=word)
    sound(own_books)


def test_two_entries_of_one_person_are_one_hand(own_books):
    with own_books.work() as work:
        again = new_person(work).id
    mine = own_books.treasurer.person_id
    join(own_books, again, mine)
    (line,) = came(own_books, -60000)
    with own_books.attack() as cursor:
        word = say_raw(cursor, line, "charge", mine)
    with refused("bank_m6_second_hand"), own_books.attack() as cursor:
        confirm_raw(cursor, word, again)
    with own_books.attack() as cursor:
        cursor.execute(
            "INSERT INTO bank_ceiling (ref, line_minor, month_minor, made_at, made_by)"
            " VALUES ('ceiling00001', 1, 1, '2026-10-16', %s)",
            [mine],
        )
    with refused("bank_m6_second_hand"), own_books.attack() as cursor:
        cursor.execute(
            "UPDATE bank_ceiling SET confirmed_at = '2026-10-16', confirmed_by = %s", [again]
        )


def test_the_ceiling_is_two_peoples_and_holds_for_what_comes_after(own_books):
    (line,) = came(own_books, -60000)
    raise_it = (
        "INSERT INTO bank_ceiling (ref, line_minor, month_minor, made_at, made_by, confirmed_at,"
        " confirmed_by) VALUES ('ceiling00002', 90000, 90000, '2026-10-16', %s, %s, %s)"
    )
    mine, hers = own_books.treasurer.person_id, own_books.signatory.person_id
    with refused("bank_m6_begins_unconfirmed"), own_books.attack() as cursor:
        cursor.execute(raise_it, [mine, "2026-10-16", hers])
    with own_books.attack() as cursor:
        cursor.execute(raise_it, [mine, None, None])
    with refused("bank_m6_second_hand"), own_books.attack() as cursor:
        charged_raw(cursor, line, 60000)
    with own_books.attack() as cursor:
        cursor.execute(
            "UPDATE bank_ceiling SET confirmed_at = '2026-10-16', confirmed_by = %s", [hers]
        )
    with own_books.attack() as cursor:
        charged_raw(cursor, line, 60000)


def test_cash_drawn_is_countersigned_however_little_and_under_no_other_name(own_books):
    mine, hers = own_books.treasurer.person_id, own_books.signatory.person_id
    (line,) = came(own_books, -5000)
    for kind in ("withdrawal", "booked", "deposit"):
        with refused("bank_m6_second_hand"), own_books.attack() as cursor:
            decision = decide_raw(cursor, line, kind, by=mine)
            link_raw(cursor, post(cursor, "transfer", *DRAWN), line, decision)
    with own_books.attack() as cursor:
        word = say_raw(cursor, line, "withdrawal", mine)
        confirm_raw(cursor, word, hers)
        decision = decide_raw(cursor, line, "withdrawal", by=mine, word=word)
        link_raw(cursor, post(cursor, "transfer", *DRAWN), line, decision)
    sound(own_books)


def test_what_a_card_company_took_back_is_its_own_line_once(own_books):
    back = (("1120", "general", 10000), ("1110", "general", -10000))
    first, second = came(own_books, -10000, -10000)

    def take(line, told):
        with own_books.attack() as cursor:
            decision = decide_raw(cursor, line, "chargeback", card=told)
            link_raw(cursor, post(cursor, "transfer", *back), line, decision)

    dispute, payment = told_lines(own_books)
    with refused("bank_m6_goes_where_it_says"), own_books.attack() as cursor:
        decision = decide_raw(cursor, first, "chargeback", card=dispute)
        cash = (("1010", "general", 10000), ("1110", "general", -10000))
        link_raw(cursor, post(cursor, "transfer", *cash), first, decision)
    for told in (None, payment, dispute + 1000):
        with refused("bank_m6_chargeback_names_its_line"):
            take(first, told)

    def try_take(line):
        try:
            take(line, dispute)
        except psycopg.errors.CheckViolation:
            return 0
        return 1

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(try_take, (first, second))) == 1
    sound(own_books)


def told_lines(books) -> tuple[int, int]:
    """A dispute and a payment in the card company's statement, as its own side writes them."""
    with books.attack(owner=True) as cursor:
        cursor.execute("ALTER TABLE card_line DISABLE TRIGGER USER")
        ids = []
        for kind, amount in (("dispute", -10000), ("payment", 10000)):
            cursor.execute(
                "INSERT INTO card_line (ref, provider, provider_id, kind, amount_minor, fee_minor,"
                " happened_at, happened_on, read_at) VALUES (%s, 'stripe', %s, %s, %s, 0,"
                " '2026-10-16', '2026-10-16', '2026-10-16') RETURNING id",
                [f"told{kind}"[:12], f"txn_{kind}_told", kind, amount],
            )
            ids.append(cursor.fetchone()[0])
        cursor.execute("ALTER TABLE card_line ENABLE TRIGGER USER")
    return ids[0], ids[1]


def test_whoever_brought_the_statement_does_not_decide_it_alone(own_books):
    """The same through the services: said by one, refused to herself, booked by a second."""
    with own_books.work(own_books.treasurer) as work:
        make_statement(work, ("07/10/2026", "CHQ 12", -125000), opening_minor=500000)
        ref = line_saying(work, "CHQ 12").line.ref
        with pytest.raises(SecondHandNeededError):
            decide_line(work, ref, Choice(Kind.CHARGE))
        word = say_line(work, ref, Choice(Kind.CHARGE, note="for the locker")).ref
        with pytest.raises(SameHandError):
            confirm_word(work, word)

    def confirm(_number):
        try:
            with own_books.work(own_books.signatory) as work:
                return confirm_word(work, word).made_by
        except UnionError:
            return None

    with ThreadPoolExecutor(3) as pool:
        made = [by for by in pool.map(confirm, range(3)) if by is not None]
    assert made == [own_books.treasurer.person_id]
    sound(own_books)
