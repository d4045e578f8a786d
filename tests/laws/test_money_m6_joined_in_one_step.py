"""M6 rests on one step from an entry to the one it stands for: longer ways are refused."""

from __future__ import annotations

import threading

import psycopg

from tests.builders.members import make_member
from tests.laws.money import Books, refused

LAW = "member_joined_in_one_step"
JOIN = "UPDATE member SET merged_into = %s WHERE person_id = %s"


def three(books: Books) -> tuple[int, int, int]:
    with books.work() as work:
        return tuple(make_member(work).person_id for _ in range(3))


def test_nobody_is_joined_to_an_entry_that_is_joined_itself(books):
    first, second, third = three(books)
    with books.attack() as sql:
        sql.execute(JOIN, [second, first])
    with refused(LAW), books.attack() as sql:
        sql.execute(JOIN, [first, third])


def test_who_stands_for_others_is_joined_to_none(books):
    first, second, third = three(books)
    with books.attack() as sql:
        sql.execute(JOIN, [second, first])
    with refused(LAW), books.attack() as sql:
        sql.execute(JOIN, [third, second])


def test_two_joins_at_once_make_no_chain(books):
    first, second, third = three(books)
    refusals: list[str | None] = []

    def join_second() -> None:
        try:
            with books.attack() as sql:
                sql.execute(JOIN, [third, second])
        except psycopg.Error as error:
            refusals.append(error.diag.constraint_name)

    with books.attack() as sql:
        sql.execute(JOIN, [second, first])
        racing = threading.Thread(target=join_second)
        racing.start()
        racing.join(timeout=0.5)
        assert racing.is_alive()
    racing.join(timeout=120)
    assert refusals == [LAW]
