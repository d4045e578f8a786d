"""M4: a phone's lines, from four connections at once and by hand, are each booked once."""

from __future__ import annotations

import os
import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import text

from tests.builders.dues import make_payer
from union.dues.invariants import INVARIANTS
from union.dues.rules.phone_lines import SentLine, seal_line
from union.dues.services import IssueBook, issue_book, register_phone, sync_lines
from union.kernel.actor import Actor


@pytest.fixture
def phone(own_books):
    with own_books.work(own_books.treasurer) as work:
        walker = make_payer(work, card_number="KA/08500")
        make_payer(work, card_number="KA/08501")
        issue_book(work, IssueBook("KA/08500", 1, 50, work.clock.today()))
    walker_ = Actor(walker.person_id, 1, frozenset())
    with own_books.work(walker_) as work:
        device = register_phone(work)
    return walker_, device


def lines(device, count=6):
    made = []
    for number in range(1, count + 1):
        key = str(uuid.uuid4())
        said = {"receipt_no": number, "card": "8501", "amount_minor": 2000, "day": "2026-10-16"}
        about = f"{device.ref}|{key}"
        made.append(SentLine(key, seal_line(device.public_key, about, said, os.urandom(12))))
    return made


def test_the_same_lines_from_four_connections_at_once_are_booked_once(own_books, phone):
    walker, device = phone
    sent = lines(device)

    def send(turn: int) -> list[str]:
        with own_books.work(walker) as work:
            order = sent if turn % 2 else list(reversed(sent))
            return sorted(one.state for one in sync_lines(work, device.ref, order[turn:]))

    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(send, range(4)))
    with own_books.work(walker) as work:
        sync_lines(work, device.ref, sent)
    assert {state for one in states for state in one} == {"booked"}
    with own_books.work() as work:
        assert work.session.scalar(text("SELECT count(*) FROM dues_payment")) == 6
        assert work.session.scalar(text("SELECT count(*) FROM round_line")) == 6
        for name, query in INVARIANTS.items():
            assert work.session.execute(text(query)).all() == [], name


def test_one_key_of_a_phone_stands_once_and_for_ever(own_books, phone):
    walker, device = phone
    with own_books.work(walker) as work:
        sync_lines(work, device.ref, lines(device, 2))
    again = (
        "INSERT INTO round_line (device_id, line_key, line_id, content, stamped, received_at)"
        " SELECT device_id, line_key, (SELECT max(line_id) + 1 FROM round_line), content, stamped,"
        " received_at FROM round_line LIMIT 1"
    )
    with pytest.raises(psycopg.errors.UniqueViolation) as caught, own_books.attack() as cursor:
        cursor.execute(again)
    assert caught.value.diag.constraint_name == "round_line_once_key"
    for change in ("UPDATE round_line SET line_id = line_id", "DELETE FROM round_line"):
        with pytest.raises(psycopg.Error), own_books.attack() as cursor:
            cursor.execute(change)
