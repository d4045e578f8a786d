"""P3: readings lie in one chain that the database lays; what an owner does to it is found twice.

Found by ``union check`` in the database, and by the verifier in a copy, which needs neither.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from tests.builders.readings import written_down
from tests.laws.readings_chain import LAY_ANEW, write_one
from union.infra.people import new_people
from union.infra.reading_seals import (
    TIMERS,
    ReadingHead,
    ReadingSeal,
    ReadingSealed,
    count_unsealed,
    lay_seal,
    newest_heads,
    say_head,
)
from union.infra.readings import Reason, Why
from union.infra.timers import Timer, fire_due
from union.office.readings.queries.openings import proof_of


def test_readings_are_sealed_within_a_minute_and_signed_each_day(watched, tmp_path):
    with watched.books.work() as work:
        for table in (ReadingSeal, ReadingHead):
            assert work.session.query(table).count() == 3, "one for each day"
    watched.read()
    assert watched.tick() == 0, "nobody waits for a seal"
    watched.books.unit.clock.advance(timedelta(minutes=1))
    assert watched.tick() == 1
    with watched.books.work() as work:
        assert count_unsealed(work.session) == 0
        timers = select(func.count()).where(Timer.kind == "say_readings_head")
        assert work.session.scalar(timers.where(Timer.done_at.is_(None))) == 1
    code, said = watched.verified(tmp_path)
    assert (code, said.splitlines()[-1]) == (0, "All is well.")
    assert said.startswith("7 readings, 7 under a seal.")


def test_a_reading_whose_timer_is_about_to_fire_sets_another(own_house):
    with own_house.work() as work:
        her = new_people(work, 1)[0].id
        write_one(work, her)
    own_house.unit.clock.advance(timedelta(seconds=55))
    for _ in range(2):
        with own_house.work() as work:
            write_one(work, her)
            waiting = select(func.count()).where(Timer.kind == "seal_readings")
            assert work.session.scalar(waiting) == 2, "and a third needs none"
    own_house.unit.clock.advance(timedelta(seconds=5))
    fire_due(own_house.unit, TIMERS)
    with own_house.work() as work:
        assert work.session.scalar(waiting.where(Timer.done_at.is_(None))) == 1, "the later one"


LOOSENED = (
    "ALTER TABLE reading_seal DROP CONSTRAINT reading_seal_previous_id_fkey",
    "ALTER TABLE reading_head DROP CONSTRAINT reading_head_seal_id_fkey",
    "ALTER TABLE reading_sealed DROP CONSTRAINT reading_sealed_seal_id_fkey",
)

OWNERS = {
    "deleted": (["DELETE FROM reading WHERE id = 3"], "unchanged", "Reading 3 of"),
    "changed": (
        ["UPDATE reading SET actor_person_id = subject_person_id WHERE id = 3"],
        "unchanged",
        "was changed after seal",
    ),
    "another day": (
        ["UPDATE reading SET at = at - interval '9 days' WHERE id = 3"],
        "unchanged",
        "was changed after seal",
    ),
    "renumbered": (["UPDATE reading SET id = 99 WHERE id = 3"], "unchanged", "was taken away"),
    "salted anew": (
        ["UPDATE reading SET salt = decode(repeat('00', 16), 'hex') WHERE id = 3"],
        "unchanged",
        "was changed after seal",
    ),
    "put in behind, with an old number": (
        [
            "DELETE FROM reading WHERE id = 2",
            "DELETE FROM reading_sealed WHERE reading_id = 2",
            """INSERT INTO reading (id, ref, at, actor_name, office_codes, object_type, object_id,
              what, reason, salt) SELECT 2, 'forged000002', at, 'person', '{}', 'legal_case', 7,
              'opened_case', 'claim', salt FROM reading WHERE id = 1""",
        ],
        "slip_behind_no_seal",
        "put in behind an older seal",
    ),
    "put in behind, with an old day": (
        [
            """INSERT INTO reading (id, ref, at, actor_name, office_codes, object_type, object_id,
              what, reason, salt) SELECT 77, 'forged000077', at, 'person', '{}', 'legal_case', 7,
              'opened_case', 'claim', salt FROM reading WHERE id = 1"""
        ],
        "slip_behind_no_seal",
        "put in behind an older seal",
    ),
    "a seal taken out": (
        ["DELETE FROM reading_sealed WHERE seal_id = 2", "DELETE FROM reading_seal WHERE id = 2"],
        "make_one_chain",
        "does not stand on seal 1",
    ),
    "the end cut off": (
        [
            "DELETE FROM reading WHERE id > 4",
            "DELETE FROM reading_sealed WHERE seal_id = 3",
            "DELETE FROM reading_seal WHERE id = 3",
        ],
        "heads_say_what_is",
        "is not in this chain",
    ),
}


@pytest.mark.parametrize("how", OWNERS)
def test_what_an_owner_does_is_found_in_the_database_and_in_a_copy(watched, tmp_path, how):
    statements, law, words = OWNERS[how]
    watched.tamper(*LOOSENED, *statements)
    assert law in watched.told()
    code, said = watched.verified(tmp_path)
    assert code == 1
    assert words in said


def test_an_owner_who_lays_every_seal_anew_cannot_sign_the_heads(watched, tmp_path):
    watched.tamper(
        "DELETE FROM reading_sealed WHERE reading_id = 3",
        "DELETE FROM reading WHERE id = 3",
        LAY_ANEW,
    )
    assert watched.told() == {"heads_are_signed"}
    assert "is not signed by the key it names" in watched.verified(tmp_path)[1]


def test_who_holds_the_key_too_is_found_by_the_figures_on_paper(watched, tmp_path):
    with watched.books.work() as work:
        figures = newest_heads(work.session, 1)[0].figures
    assert watched.verified(tmp_path, "--head", figures)[0] == 0
    watched.tamper(
        "DELETE FROM reading_head",
        "DELETE FROM reading_sealed WHERE reading_id = 3",
        "DELETE FROM reading WHERE id = 3",
        LAY_ANEW,
    )
    with watched.books.work() as work:
        say_head(work, work.clock.today())
    assert watched.told() == set(), "everything fits, and everything is signed"
    assert watched.verified(tmp_path)[0] == 0
    code, said = watched.verified(tmp_path, "--head", figures)
    assert code == 1
    assert f"The head {figures} is not in this chain" in said


def test_a_copy_holds_nobody_and_one_line_is_opened_by_its_salt(watched, tmp_path):
    with watched.books.work() as work:
        row = written_down(work)[2]
        proof = proof_of(work, row.id)
    line = tmp_path / "line.txt"
    line.write_text(f"{proof.salt}\n{proof.said}\n")
    code, said = watched.verified(tmp_path, "--row", str(line))
    assert code == 0
    assert f"Line {row.id} stands in the chain, under seal 2:" in said
    assert "what was opened: opened_case" in said
    with ZipFile(tmp_path / "copy.zip") as copy:
        everything = b"".join(copy.read(name) for name in copy.namelist())
    for never in ("opened_case", "legal_case", "paralegal", "she_asked", proof.salt):
        assert never.encode() not in everything
    line.write_text(f"{proof.salt}\n{proof.said.replace('she_asked', 'court_order')}\n")
    code, said = watched.verified(tmp_path, "--row", str(line))
    assert code == 1
    assert "does not stand in this chain as it was handed out" in said


def test_two_sealers_at_once_make_one_chain(watched, tmp_path):
    stop = threading.Event()

    def read() -> None:
        for _ in range(12):
            watched.read()
        stop.set()

    def seal() -> None:
        while not stop.is_set():
            with watched.books.work() as work:
                lay_seal(work)

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(read), pool.submit(seal), pool.submit(seal)]:
            done.result(timeout=120)
    with watched.books.work() as work:
        lay_seal(work)
        assert count_unsealed(work.session) == 0
        numbers = work.session.scalars(select(ReadingSealed.reading_id)).all()
    assert len(numbers) == len(set(numbers)) == 18
    assert watched.told() == set()
    assert watched.verified(tmp_path)[0] == 0


def test_erasing_the_words_leaves_the_chain_whole(watched, tmp_path):
    with watched.books.work(watched.reader) as work:
        write_one(work, watched.her, Why(Reason.OTHER, "her sister asked me"))
    watched.books.unit.clock.advance(timedelta(minutes=2))
    watched.tick()
    with watched.books.work() as work:
        row = written_down(work)[-1]
        assert b"sister" not in row.reason_words
        work.vault.destroy_key(row.words_key)
    assert watched.told() == set()
    watched.tamper(f"UPDATE reading SET reason_words = '\\x00' WHERE id = {row.id}")
    assert watched.told() == set(), "what is erased later is no change of the row"
    assert watched.verified(tmp_path)[0] == 0
