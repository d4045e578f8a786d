"""M4: the same payment, sheet, run or hand-over, twice or from two sides at once, is one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sqlalchemy import text

from tests.builders.dues import DATA, balance, make_payer, make_register
from tests.builders.members import make_branch
from union.dues.errors import ReceiptTakenError
from union.dues.invariants import INVARIANTS
from union.dues.queries.rounds import cash_in_hand
from union.dues.services import (
    HandOverCash,
    ReceivePayment,
    charge_month,
    collector_for_person,
    hand_over,
    import_collections,
    import_handovers,
    receive_payment,
    run_month,
)
from union.kernel.actor import Actor
from union.kernel.periods import Month

TEST = Actor.system("test")


def at_once(books, do, times: int = 4) -> list:
    """Do the same in so many units of work at once; results, or the errors they ended with."""

    def one(_number: int):
        try:
            with books.work() as work:
                return do(work)
        except ReceiptTakenError as error:
            return error

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def sound(books) -> None:
    with books.work() as work:
        for name, query in INVARIANTS.items():
            assert work.session.execute(text(query)).all() == [], name


def test_one_receipt_from_four_sides_at_once_is_one_payment(own_books):
    with own_books.work() as work:
        rani, walker = make_payer(work).person_id, make_payer(work).person_id
        charge_month(work, Month(2026, 10))
        day = work.clock.today()
    asked = ReceivePayment(rani, 2000, day, collector_person_id=walker, receipt_no=2001)
    paid = at_once(own_books, lambda work: receive_payment(work, asked).id)
    assert len(set(paid)) == 1
    with own_books.work() as work:
        assert balance(work, "1210") == 2000
        assert work.session.scalar(text("SELECT count(*) FROM dues_payment")) == 1
    sound(own_books)


def test_one_bank_line_from_four_sides_at_once_is_one_payment(own_books):
    with own_books.work() as work:
        rani, day = make_payer(work).person_id, work.clock.today()
    asked = ReceivePayment(rani, 2000, day, method="bank", source="bank_line:7")
    assert len(set(at_once(own_books, lambda work: receive_payment(work, asked).id))) == 1
    sound(own_books)


def test_one_receipt_for_two_people_at_once_is_one_of_them(own_books):
    with own_books.work() as work:
        people = [make_payer(work).person_id for _ in range(4)]
        walker, day = make_payer(work).person_id, work.clock.today()
    left = list(people)

    def pay(work):
        asked = ReceivePayment(left.pop(), 2000, day, collector_person_id=walker, receipt_no=1)
        return receive_payment(work, asked).person_id

    ended = at_once(own_books, pay)
    assert sum(isinstance(one, ReceiptTakenError) for one in ended) == 3
    sound(own_books)


def test_desk_payments_at_once_have_numbers_without_gap_and_overpay_nothing(own_books):
    with own_books.work() as work:
        rani, day = make_payer(work).person_id, work.clock.today()
        charge_month(work, Month(2026, 10))
    at_once(own_books, lambda work: receive_payment(work, ReceivePayment(rani, 2000, day)).id, 6)
    with own_books.work() as work:
        numbers = work.session.scalars(text("SELECT number FROM receipt ORDER BY 1")).all()
        assert numbers == [1, 2, 3, 4, 5, 6]
        assert balance(work, "1210") == 0
        assert balance(work, "2110") == -10000
    sound(own_books)


def test_two_runs_at_once_charge_each_woman_once(own_books):
    with own_books.work() as work:
        for _ in range(40):
            make_payer(work)

    def run(_number: int):
        return run_month(own_books.unit, TEST, Month(2026, 10)).charged

    with ThreadPoolExecutor(3) as pool:
        charged = list(pool.map(run, range(3)))
    assert sum(charged) == 40
    assert run_month(own_books.unit, TEST, Month(2026, 10)).already == 40
    with own_books.work() as work:
        assert balance(work, "4010") == -80000
    sound(own_books)


def test_runs_at_once_that_draw_branches_together_differently(own_books):
    with own_books.work() as work:
        for number in range(36):
            make_payer(work, branch=make_branch(work, ("Udupi", "Bidar", "Kolar")[number % 3]))

    def run(at_once: int):
        return run_month(own_books.unit, TEST, Month(2026, 10), at_once=at_once).charged

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(run, (1, 24, 99))) == 36
    sound(own_books)


def test_payments_while_a_month_is_charged_lose_nothing(own_books):
    with own_books.work() as work:
        people = [make_payer(work).person_id for _ in range(30)]
        charge_month(work, Month(2026, 9))
        day = work.clock.today()

    def pay(person_id: int) -> None:
        with own_books.work() as work:
            receive_payment(work, ReceivePayment(person_id, 4000, day))

    with ThreadPoolExecutor(4) as pool:
        run = pool.submit(run_month, own_books.unit, TEST, Month(2026, 10))
        list(pool.map(pay, people))
        run.result()
    with own_books.work() as work:
        owed, ahead = balance(work, "1210"), -balance(work, "2110")
        assert owed == ahead
    sound(own_books)


def test_the_sheet_and_its_hand_overs_twice_book_once(own_books):
    own_books.unit.clock.move_to(datetime(2026, 11, 2, 6, tzinfo=UTC))
    with own_books.work() as work:
        make_register(work)
    accounts = []
    for _ in range(2):
        with own_books.work() as work:
            import_collections(work, (DATA / "collections.csv").read_bytes())
            import_handovers(work, (DATA / "handovers.csv").read_bytes())
        with own_books.work() as work:
            rows = text("SELECT * FROM account_balance ORDER BY 1, 2")
            accounts.append([tuple(row) for row in work.session.execute(rows)])
    assert accounts[0] == accounts[1]
    sound(own_books)


def test_cash_counted_and_receipts_booked_at_once_wait_for_each_other(own_books):
    with own_books.work() as work:
        people = [make_payer(work).person_id for _ in range(12)]
        walker, day = make_payer(work).person_id, work.clock.today()
        collector = collector_for_person(work, walker).id

    def pay(number: int) -> None:
        with own_books.work() as work:
            receive_payment(
                work,
                ReceivePayment(
                    people[number], 2000, day, collector_person_id=walker, receipt_no=number + 1
                ),
            )

    def count(_number: int) -> None:
        with own_books.work() as work:
            hand_over(work, HandOverCash(collector, 1000, day, whole=True))

    with ThreadPoolExecutor(6) as pool:
        done = [pool.submit(pay, number) for number in range(12)]
        done += [pool.submit(count, number) for number in range(4)]
        for one in done:
            one.result()
    with own_books.work() as work:
        held = cash_in_hand(work.session, collector)
        differed = work.session.scalar(
            text("SELECT coalesce(sum(amount_minor), 0) FROM cash_difference")
        )
        assert held == 24000 - 4000 + differed
    sound(own_books)
