"""M6: a second person's No stays, with her name and why, and nobody says No to her own word."""

from __future__ import annotations

import pytest

from tests.laws.bank_lines import forge_statement, say_raw
from tests.laws.money import refused

LAW = "bank_m6_no_says_why"
END = (
    "UPDATE bank_word SET ended_at = '2026-10-16T00:00:00Z', ended_by = %s, ended_how = %s,"
    " ended_note = %s WHERE id = %s"
)
NO = (
    "UPDATE bank_payee SET refused_at = '2026-10-16T00:00:00Z', refused_by = %s,"
    " refused_note = %s, ended_at = '2026-10-16T00:00:00Z' WHERE id = %s"
)


@pytest.fixture
def line(books) -> int:
    with books.attack() as cursor:
        return forge_statement(cursor, -90000)[1][0]


def test_a_no_without_a_reason_or_by_whoever_said_it_is_refused(books, line):
    treasurer, signatory = books.treasurer.person_id, books.signatory.person_id
    with books.attack() as cursor:
        word = say_raw(cursor, line, "charge", treasurer)
    for by, note in ((signatory, None), (treasurer, b"x")):
        with refused(LAW), books.attack() as cursor:
            cursor.execute(END, [by, "refused", note, word])
    with books.attack() as cursor:
        cursor.execute(END, [signatory, "refused", b"x", word])
    with refused("bank_m2_changes_once"), books.attack() as cursor:
        cursor.execute("UPDATE bank_word SET ended_note = %s WHERE id = %s", [b"y", word])
    with books.attack() as cursor:
        again = say_raw(cursor, line, "charge", treasurer)
        cursor.execute(END, [treasurer, "taken_back", None, again])


def details(cursor, books, maker: int) -> int:
    cursor.execute(
        "INSERT INTO bank_payee (ref, person_id, key_ref, details, number_index, made_at, made_by)"
        " SELECT %s, id, key_ref, 'x', 'x', '2026-10-16T00:00:00Z', %s FROM person WHERE id = %s"
        " RETURNING id",
        [f"payee{maker:07d}", maker, books.payee],
    )
    return cursor.fetchone()[0]


def test_a_no_to_where_money_goes_ends_it_and_names_another_with_a_reason(books):
    treasurer, signatory = books.treasurer.person_id, books.signatory.person_id
    with books.attack() as cursor:
        made = details(cursor, books, treasurer)
    with refused(LAW), books.attack() as cursor:
        cursor.execute(NO, [treasurer, b"x", made])
    with refused("bank_payee_refused_check"), books.attack() as cursor:
        cursor.execute(NO, [signatory, None, made])
    with refused("bank_payee_refused_check"), books.attack() as cursor:
        cursor.execute(
            "UPDATE bank_payee SET refused_at = '2026-10-16T00:00:00Z', refused_by = %s,"
            " refused_note = 'x' WHERE id = %s",
            [signatory, made],
        )
    with books.attack() as cursor:
        cursor.execute(NO, [signatory, b"x", made])
    with refused("bank_payee_refused_check"), books.attack() as cursor:
        cursor.execute(
            "UPDATE bank_payee SET confirmed_at = '2026-10-16T00:00:00Z', confirmed_by = %s"
            " WHERE id = %s",
            [signatory, made],
        )
    with refused("bank_m2_changes_once"), books.attack() as cursor:
        cursor.execute("UPDATE bank_payee SET refused_by = %s WHERE id = %s", [treasurer, made])
