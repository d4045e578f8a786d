"""P3: whoever has the application's password lays no seal, head or reading by her own hand."""

from __future__ import annotations

import pytest

from tests.laws.money import forbidden, refused

SEALS = {
    "a seal by hand": (
        "INSERT INTO reading_seal (id, previous_id, readings, content_hash, made_at)"
        " SELECT 4, 3, 1, content_hash, made_at FROM reading_seal WHERE id = 3"
    ),
    "a commitment by hand": (
        "INSERT INTO reading_sealed SELECT 99, seal_id, read_on, commitment FROM reading_sealed"
    ),
    "a commitment changed": "UPDATE reading_sealed SET seal_id = 1",
    "a seal changed": "UPDATE reading_seal SET made_at = made_at - interval '1 year'",
    "a reading taken out": "DELETE FROM reading WHERE id = 1",
    "a head changed": "UPDATE reading_head SET readings = 1",
    "a number reserved": "SELECT nextval('reading_number')",
}


@pytest.mark.parametrize("how", SEALS)
def test_the_application_s_login_lays_nothing_by_hand(watched, how):
    with forbidden(), watched.books.attack() as cursor:
        cursor.execute(SEALS[how])


def test_a_head_says_what_is(watched):
    said = (
        "INSERT INTO reading_head (id, previous_id, previous_hash, said_on, seal_id, seal_hash,"
        " readings, made_at, public_key, signature) SELECT 1, id, previous_hash, {on}, {seal},"
        " seal_hash, {readings}, {at}, public_key, signature FROM reading_head ORDER BY id DESC"
        " LIMIT 1"
    )
    true = {"on": "said_on + 1", "seal": "seal_id", "readings": "readings", "at": "made_at"}
    for wrong in ({"seal": "1"}, {"readings": "readings - 1"}):
        with refused("reading_p3_head_says_what_is"), watched.books.attack() as cursor:
            cursor.execute(said.format(**true | wrong))
    with refused("reading_p3_head_on_its_day"), watched.books.attack() as cursor:
        cursor.execute(said.format(**true | {"on": "said_on + 40"}))


def test_number_salt_and_delay_are_the_database_s_own(watched):
    with watched.books.attack() as cursor:
        cursor.execute(
            "INSERT INTO reading (id, ref, at, actor_name, office_codes, object_type, object_id,"
            " what, reason, salt, shown_from, inquiry_id) VALUES (1000, 'chosen', '2026-10-19',"
            " 'person', '{}', 'claim', 1, 'opened_case', 'claim', decode(repeat('00', 16), 'hex'),"
            " '2099-01-01', 1) RETURNING id, salt, shown_from, inquiry_id"
        )
        number, salt, shown_from, inquiry = cursor.fetchone()
    assert number == 7
    assert salt != bytes(16)
    assert (shown_from, inquiry) == (None, None)


@pytest.mark.parametrize(
    ("reason", "law"),
    [
        ("before_reasons", "reading_p3_has_a_reason"),
        ("because", "reading_reason_check"),
        ("other", "reading_other_check"),
    ],
)
def test_no_reading_without_a_reason(watched, reason, law):
    with refused(law), watched.books.attack() as cursor:
        cursor.execute(
            "INSERT INTO reading (ref, at, actor_name, office_codes, object_type, object_id, what,"
            " reason) VALUES ('r', '2026-10-19', 'person', '{}', 'claim', 1, 'opened_case', %s)",
            (reason,),
        )
