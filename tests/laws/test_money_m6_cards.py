"""M5 and M6 of card payments: what stands with the card company is its statement, line for line."""

from __future__ import annotations

import threading

import psycopg
import pytest
from sqlalchemy import select

from tests.builders.cards import make_card_payer, make_company, pay
from tests.laws.money import post, refused
from union.checkout.models import CardLine
from union.checkout.services import clear_fees, reconcile
from union.dues.models import Payment
from union.gateways.payments.stand_in.paying import pay_out, refund

TOLD = "checkout_m6_provider_account_is_told"
BOOKED = "checkout_m5_line_is_booked"


@pytest.fixture
def company(books):
    return make_company(books.unit.clock)


@pytest.fixture
def line(books, company) -> int:
    """The line of ₹100 paid by card and booked; its id."""
    payer = make_card_payer(books.unit)
    pay(books.unit, company, payer, 10000)
    reconcile(books.unit, company.provider)
    with books.work() as work:
        return work.session.scalars(select(CardLine.id).where(CardLine.person_id == payer)).one()


@pytest.fixture
def back(books, company, line) -> int:
    """The line of ₹40 of it given back and booked; its id."""
    with company.world() as world:
        refund(world, {"charge": world.every("charge")[0]["id"], "amount": "4000"})
    reconcile(books.unit, company.provider)
    charge = select(CardLine.charge_id).where(CardLine.id == line).scalar_subquery()
    with books.work() as work:
        query = select(CardLine.id).where(CardLine.kind == "refund", CardLine.charge_id == charge)
        return work.session.scalars(query).one()


def tell(cursor, of: int, kind: str, amount: int, number: str, **fields) -> int:
    """A line the application writes by itself, of the same charge as another."""
    values = {"of": of, "kind": kind, "amount": amount, "number": f"{number}{of}", "fee": 0}
    cursor.execute(
        "INSERT INTO card_line (ref, provider, provider_id, kind, amount_minor, fee_minor,"
        " happened_at, happened_on, read_at, charge_id, object_id) SELECT left(%(number)s, 12),"
        " provider, %(number)s, %(kind)s, %(amount)s, %(fee)s, happened_at, happened_on, read_at,"
        " charge_id, 'attack' FROM card_line WHERE id = %(of)s RETURNING id",
        {**values, **fields},
    )
    return cursor.fetchone()[0]


def legs(amount: int, against: str = "1195"):
    return ((against, "general", -amount), ("1120", "general", amount))


@pytest.mark.parametrize(
    ("kind", "amount"),
    [("card_refund", -4000), ("card_refund", -10000), ("card_dispute", -100)],
)
def test_nothing_leaves_as_a_refund_that_no_line_tells_of(books, line, kind, amount):
    for source in (line, line + 1_000_000):
        with refused("ledger_m6_card_event_as_told"), books.attack() as cursor:
            post(cursor, kind, *legs(amount), source_kind="provider_event", source_id=source)


def test_a_refund_leaves_as_its_line_says_and_is_no_dispute(books, line):
    for kind, amount in (("card_refund", -3001), ("card_dispute", -3000)):
        with refused("ledger_m6_card_event_as_told"), books.attack() as cursor:
            made = tell(cursor, line, "refund", -3000, "r1")
            post(cursor, kind, *legs(amount), source_kind="provider_event", source_id=made)


def test_the_banks_statement_takes_nothing_from_the_card_company(books):
    with refused("ledger_m6_bank_charge_accounts"), books.attack() as cursor:
        post(cursor, "bank_charge", *legs(-9, "1190"), source_kind="statement_line")


@pytest.mark.parametrize("source", ["attack", "card_line", "dues_payment", "provider_event"])
def test_no_money_comes_to_the_card_company_that_no_line_tells_of(books, source):
    with refused(TOLD), books.attack() as cursor:
        post(cursor, "receipt", *legs(500, "4110"), source_kind=source)


def test_a_line_is_booked_once_by_whatever_way(books, line, back):
    with refused(BOOKED), books.attack() as cursor:
        post(cursor, "receipt", *legs(10000, "2190"), source_kind="card_line", source_id=line)
    with refused(TOLD), books.attack() as cursor:
        post(cursor, "receipt", *legs(4000), source_kind="card_line", source_id=back)


def test_a_booking_is_not_reversed_by_hand_and_booked_again(books, line, back):
    with books.work() as work:
        source = work.session.get_one(CardLine, line).payment_source
        paid = work.session.scalars(select(Payment.id).where(Payment.source == source)).one()
    booked = (
        ("dues_payment", paid, 10000, "2110"),
        ("card_fee", line, -300, "1190"),
        ("provider_event", back, -4000, "1195"),
    )
    for source_kind, source_id, amount, against in booked:
        with refused(BOOKED), books.attack() as cursor:
            cursor.execute(
                "SELECT id FROM journal_entry WHERE source_kind = %s AND source_id = %s",
                [source_kind, source_id],
            )
            entry = cursor.fetchone()[0]
            fields = {"source_kind": "journal_entry", "source_id": entry, "reverses": entry}
            # The sub-ledger of dues refuses the first as well; it is asked after this law.
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            post(cursor, "reversal", *legs(-amount, against), **fields)
            cursor.execute("SET CONSTRAINTS journal_leg_provider_is_told IMMEDIATE")


def test_no_more_goes_back_than_came_and_only_what_came(books, line, back):
    for kind, amount in (("refund", -6001), ("dispute", -10001), ("refund_back", 4001)):
        with refused("checkout_m6_taken_back_of_payment"), books.attack() as cursor:
            tell(cursor, line, kind, amount, "over")
    with refused("checkout_m6_taken_back_of_payment"), books.attack() as cursor:
        cursor.execute(
            "INSERT INTO card_line (ref, provider, provider_id, kind, amount_minor, fee_minor,"
            " happened_at, happened_on, read_at) VALUES ('nobody', 'stripe', 'nobody', 'refund',"
            " -1, 0, '2026-10-16T00:00:00Z', '2026-10-16', '2026-10-16T00:00:00Z')"
        )


@pytest.mark.parametrize("how", ["to_her", "from_her", "borne", "unplaced", "offset"])
def test_a_line_is_called_cleared_only_when_the_books_say_so(books, line, how):
    with refused("checkout_m5_clearing_is_booked"), books.attack() as cursor:
        made = tell(cursor, line, "refund", -50, how)
        post(cursor, "card_refund", *legs(-50), source_kind="provider_event", source_id=made)
        cursor.execute(
            "UPDATE card_line SET cleared_how = %s, cleared_at = read_at WHERE id = %s", [how, made]
        )


def test_fees_are_taken_as_spent_as_their_lines_say(books, line):
    batch = (
        "INSERT INTO card_fee_batch (amount_minor, happened_on, made_at)"
        " VALUES (%s, '2026-10-16', '2026-10-16T00:00:00Z') RETURNING id"
    )
    with refused("checkout_m5_fees_are_their_lines"), books.attack() as cursor:
        cursor.execute(batch, [500])
    with refused("checkout_m5_fees_are_their_lines"), books.attack() as cursor:
        cursor.execute(batch, [301])
        made = cursor.fetchone()[0]
        cursor.execute("UPDATE card_line SET fee_batch_id = %s WHERE id = %s", [made, line])
    with books.work() as work:
        assert clear_fees(work) >= 300


ASK = (
    "INSERT INTO card_refund (ref, line_id, amount_minor, reason, state, asked_at, due_at)"
    " VALUES (%s, %s, %s, 'asked', 'asked', '2026-10-16T00:00:00Z', '2026-10-16T00:00:00Z')"
)


def test_what_failed_is_not_done_after_all_beside_another(books, line):
    with books.attack() as cursor:
        cursor.execute(ASK, [f"f{line}", line, 8000])
        cursor.execute(
            "UPDATE card_refund SET state = 'failed', due_at = NULL,"
            " looked_at = '2026-10-16T00:00:00Z' WHERE ref = %s",
            [f"f{line}"],
        )
        cursor.execute(ASK, [f"g{line}", line, 8000])
    for state in ("done", "sent"):
        with refused("checkout_m2_refund_goes_on"), books.attack() as cursor:
            cursor.execute("UPDATE card_refund SET state = %s WHERE ref = %s", [state, f"f{line}"])
    with refused("checkout_m2_refund_goes_on"), books.attack() as cursor:
        cursor.execute("UPDATE card_refund SET reason = 'gone' WHERE ref = %s", [f"g{line}"])
    with refused("checkout_m6_refund_within_payment"), books.attack() as cursor:
        cursor.execute(ASK.replace("'asked', 'asked',", "'asked', 'done',"), [f"h{line}", line, 1])


def test_a_refund_nobody_answered_neither_fails_by_itself_nor_leaves_the_bound(books, line):
    with books.attack() as cursor:
        cursor.execute(ASK, [f"u{line}", line, 8000])
    for change in ("state = 'failed', due_at = NULL", "state = 'failed', looked_at = NULL"):
        with refused("checkout_m6_refund_fails_by_word"), books.attack() as cursor:
            cursor.execute(f"UPDATE card_refund SET {change} WHERE ref = %s", [f"u{line}"])
    with refused("checkout_m6_refund_within_payment"), books.attack() as cursor:
        cursor.execute(ASK, [f"v{line}", line, 2001])


def test_who_let_a_standing_payment_rest_stays_and_what_ended_does_not_rest(books):
    with books.attack() as cursor:
        cursor.execute(
            "INSERT INTO card_instruction (ref, person_id, amount_minor, provider, provider_id,"
            " state, asked_at, failures, told_failures) VALUES ('resting00001', %s, 100, 'stripe',"
            " 'sub_rest', 'active', '2026-10-16T00:00:00Z', 0, 0)",
            [books.payee],
        )
    rest = (
        "UPDATE card_instruction SET rest_round = %s, rest_asked_by = %s,"
        " rest_asked_at = '2026-10-16T00:00:00Z' WHERE ref = 'resting00001'"
    )
    with books.attack() as cursor:
        cursor.execute(rest, [1, books.payee])
    for number in (0, 1, 3):
        with refused("checkout_m2_rest_is_kept"), books.attack() as cursor:
            cursor.execute(rest, [number, books.treasurer.person_id])
    with books.attack() as cursor:
        cursor.execute(
            "UPDATE card_instruction SET state = 'ended', ended_why = 'by_her',"
            " ended_at = '2026-10-16T00:00:00Z' WHERE ref = 'resting00001'"
        )
    with refused("checkout_m2_rest_is_kept"), books.attack() as cursor:
        cursor.execute(rest, [2, books.payee])
    with refused("card_instruction_rest_due_check"), books.attack() as cursor:
        cursor.execute(
            "UPDATE card_instruction SET rest_due_at = '2026-10-16T00:00:00Z'"
            " WHERE ref = 'resting00001'"
        )


def test_payouts_disputes_and_askings_stay_as_they_were_told(books, company, line):
    with company.world() as world:
        pay_out(world)
    reconcile(books.unit, company.provider)
    with refused("checkout_m2_payout_is_kept"), books.attack() as cursor:
        cursor.execute("UPDATE card_payout SET amount_minor = 1")
    with refused("checkout_m5_payout_is_its_transfer"), books.attack() as cursor:
        cursor.execute(
            "UPDATE card_payout SET entry_id = (SELECT min(id) FROM journal_entry)"
            " WHERE entry_id IS NULL"
        )
    with books.attack() as cursor:
        cursor.execute(
            "INSERT INTO card_dispute (ref, provider, provider_id, charge_id, amount_minor, state,"
            " reason, opened_at, looked_at, ended_at) VALUES (%s, 'stripe', %s, 'c', 100, 'lost',"
            " 'x', '2026-10-16T00:00:00Z', '2026-10-16T00:00:00Z', '2026-10-16T00:00:00Z')",
            [f"d{line}", f"d{line}"],
        )
        cursor.execute(
            "INSERT INTO card_reconciliation (name, period, claimed_at, lease_until, finished_at,"
            " missed, held_minor, booked_minor) VALUES ('attack', %s, '2026-10-16T00:00:00Z',"
            " '2026-10-16T00:00:00Z', '2026-10-16T00:00:00Z', 0, 1, 2)",
            [str(line)],
        )
    for change in ("amount_minor = 1", "state = 'open', ended_at = NULL"):
        with refused("checkout_m2_dispute_is_kept"), books.attack() as cursor:
            cursor.execute(f"UPDATE card_dispute SET {change} WHERE ref = %s", [f"d{line}"])
    with refused("checkout_m2_asking_is_kept"), books.attack() as cursor:
        cursor.execute("UPDATE card_reconciliation SET booked_minor = held_minor")


def test_two_who_ask_for_a_refund_at_once_are_counted_one_after_the_other(books, line):
    with books.attack() as first:
        first.execute(ASK, [f"i{line}", line, 6000])
        second = InAnotherHand(books, lambda cursor: cursor.execute(ASK, [f"j{line}", line, 6000]))
        second.waits()
    assert second.refused_by() == "checkout_m6_refund_within_payment"


def test_two_who_give_back_at_once_are_counted_one_after_the_other(books, line):
    """The second sees the first; without waiting it would be stopped for another reason only."""
    with books.work() as work:
        source = work.session.get_one(CardLine, line).payment_source
        paid = work.session.scalars(select(Payment).where(Payment.source == source)).one()
    back = (
        "INSERT INTO dues_return (ref, payment_id, amount_minor, source, happened_on, made_at)"
        " VALUES (%s, %s, 6000, %s, '2026-10-16', '2026-10-16T00:00:00Z') RETURNING id"
    )

    def give(cursor, name: str) -> None:
        cursor.execute(back, [f"{name}{line}", paid.id, f"attack:{name}{line}"])
        number = cursor.fetchone()[0]
        if name == "k":
            cursor.execute(
                "INSERT INTO credit_movement (person_id, amount_minor, kind, fund_code, made_at)"
                " VALUES (%s, -6000, 'returned', 'general', '2026-10-16T00:00:00Z')",
                [paid.person_id],
            )
            post(
                cursor,
                "clearing",
                ("2110", "general", 6000),
                ("1195", "general", -6000),
                source_kind="dues_return",
                source_id=number,
            )
        cursor.execute("SET CONSTRAINTS dues_return_bounded IMMEDIATE")

    with books.attack() as first:
        give(first, "k")
        second = InAnotherHand(books, lambda cursor: give(cursor, "l"))
        second.waits()
    assert second.refused_by() == "checkout_m5_return_within_payment"


def test_an_older_picture_of_the_books_is_no_way_round_a_sum(books, line):
    for sql in (ASK, None):
        with refused("checkout_m6_read_committed_only"), books.attack() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            if sql:
                cursor.execute(sql, [f"m{line}", line, 1])
            else:
                tell(cursor, line, "refund", -1, "old")


class InAnotherHand:
    """Somebody else does ``act`` at the same time, on a connection of her own."""

    def __init__(self, books, act) -> None:
        self._books, self._act, self._error = books, act, None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            with self._books.attack() as cursor:
                self._act(cursor)
        except psycopg.Error as error:
            self._error = error

    def waits(self) -> None:
        """She is held up by whoever came first."""
        self._thread.join(0.5)
        assert self._thread.is_alive()

    def refused_by(self) -> str | None:
        """The law that refused her, once the first has committed."""
        self._thread.join(120)
        return self._error.diag.constraint_name if self._error else None
