"""A phone's lines: sealed, taken once however often they come, booked or waiting with a reason."""

from __future__ import annotations

import dataclasses
import os
import uuid

import pytest
from sqlalchemy import func, select

from tests.builders.dues import ask_laws, make_payer
from union.dues.errors import CollectorWithoutCardError, OwnCashError
from union.dues.models import CollectionLine, Payment, RoundLine
from union.dues.queries.books import next_receipt
from union.dues.queries.phones import package_of
from union.dues.queries.rounds import waiting_lines
from union.dues.rules.phone_lines import SentLine, seal_line
from union.dues.services import (
    SettleLine,
    put_on_round,
    register_phone,
    revoke_phone,
    settle_line,
    sync_lines,
    take_along,
)
from union.dues.services.books import IssueBook, issue_book
from union.infra.people import new_person
from union.kernel.actor import Actor
from union.kernel.errors import NotFoundError
from union.ledger.services import open_books
from union.messages.models import Message


@pytest.fixture
def uma(work):
    """A collector with a book, at work."""
    open_books(work)
    walker = make_payer(work, card_number="KA/08500", called="Uma")
    issue_book(work, IssueBook("KA/08500", 2001, 2020, work.clock.today()))
    return dataclasses.replace(work, actor=Actor(walker.person_id, 1, frozenset()))


@pytest.fixture
def rani(work):
    return make_payer(work, card_number="KA/08501", called="Rani", phone="+91 50000 00017")


@pytest.fixture
def phone(uma):
    return register_phone(uma)


def line(phone, number, key=None, **said):
    key = key or str(uuid.uuid4())
    content = {
        "receipt_no": number,
        "card": "ka 8501",
        "amount_minor": 2000,
        "day": "2026-10-16",
        "at": "2026-10-16T10:00:00+05:30",
        "stamped": True,
        **said,
    }
    sealed = seal_line(phone.public_key, f"{phone.ref}|{key}", content, os.urandom(12))
    return SentLine(key, sealed)


def payments(work):
    return work.session.scalar(select(func.count()).select_from(Payment))


def test_a_line_books_once_however_it_comes(uma, rani, phone):
    lines = [line(phone, number) for number in (2001, 2002, 2003)]
    sync_lines(uma, phone.ref, [lines[2], lines[0]])
    answers = sync_lines(uma, phone.ref, lines)
    again = sync_lines(uma, phone.ref, list(reversed(lines)))
    assert [(one.state, one.receipt_no) for one in answers] == [
        ("booked", 2001),
        ("booked", 2002),
        ("booked", 2003),
    ]
    assert {one.key: one.state for one in again} == {one.key: one.state for one in answers}
    assert payments(uma) == 3
    assert waiting_lines(uma) == []
    ask_laws(uma)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"card": "KA/09999"}, "card_unknown"),
        ({"amount_minor": 0}, "amount_zero"),
        ({"day": "2026-10-30"}, "date_ahead"),
        ({"receipt_no": 7001}, "receipt_outside"),
        ({"spoiled": True}, "receipt_spoiled"),
        ({"amount_minor": "twenty"}, "amount_unreadable"),
    ],
)
def test_a_line_that_cannot_be_booked_waits_with_its_reason(uma, rani, phone, said, reason):
    sent = line(phone, said.pop("receipt_no", 2001), **said)
    for _ in range(2):
        (answer,) = sync_lines(uma, phone.ref, [sent])
        assert (answer.state, answer.reason) == ("waiting", reason)
    (waits,) = waiting_lines(uma)
    assert waits.line.reason == reason
    assert payments(uma) == 0


def test_a_phone_asks_after_a_line_it_has_sent_and_hears_that_it_is_settled(uma, rani, phone):
    sent = line(phone, 2001, card="KA/09999")
    sync_lines(uma, phone.ref, [sent])
    (waits,) = waiting_lines(uma)
    settled = SettleLine(waits.line.ref, "KA/08501", 2000, waits.line.happened_on, 2001)
    with pytest.raises(OwnCashError):
        settle_line(uma, settled)
    settle_line(dataclasses.replace(uma, actor=Actor(new_person(uma).id, 1, frozenset())), settled)
    (answer,) = sync_lines(uma, phone.ref, [SentLine(sent.key, b"")])
    assert answer.state == "settled"
    assert sync_lines(uma, phone.ref, [SentLine(str(uuid.uuid4()), b"")]) == []


def test_each_line_booked_is_told_once_and_only_to_who_agreed(uma, rani, phone):
    lines = [line(phone, 2001), line(phone, 2002, card="KA/09999")]
    for _ in range(2):
        sync_lines(uma, phone.ref, lines)
    (told,) = uma.session.scalars(select(Message)).all()
    assert (told.person_id, told.purpose) == (rani.person_id, "receipt")
    assert told.state == "withheld"


def test_one_number_from_two_phones_is_one_payment_and_the_other_waits(uma, rani, phone):
    make_payer(uma, card_number="KA/08502")
    other = register_phone(uma)
    sync_lines(uma, phone.ref, [line(phone, 2001)])
    (answer,) = sync_lines(uma, other.ref, [line(other, 2001, card="KA/08502")])
    assert (answer.state, answer.reason) == ("waiting", "receipt_taken")
    assert payments(uma) == 1


def test_the_same_key_with_other_words_books_nothing(uma, rani, phone):
    first = line(phone, 2001)
    sync_lines(uma, phone.ref, [first])
    (answer,) = sync_lines(uma, phone.ref, [line(phone, 2002, key=first.key)])
    assert (answer.state, answer.receipt_no) == ("booked", 2001)
    assert payments(uma) == 1


def test_what_nobody_can_open_is_kept_and_waits(uma, rani, phone):
    other = register_phone(uma)
    foreign = line(other, 2001)
    (answer,) = sync_lines(uma, phone.ref, [SentLine(str(uuid.uuid4()), foreign.sealed)])
    assert (answer.state, answer.reason) == ("waiting", "line_unreadable")


def test_a_revoked_phone_loses_nothing_but_books_nothing(uma, rani, phone):
    revoke_phone(uma, phone.ref)
    (answer,) = sync_lines(uma, phone.ref, [line(phone, 2001)])
    assert (answer.state, answer.reason) == ("waiting", "phone_revoked")


def test_nobody_sends_from_anothers_phone(work, uma, phone):
    stranger = dataclasses.replace(work, actor=Actor(make_payer(work).person_id, 1, frozenset()))
    with pytest.raises(NotFoundError):
        sync_lines(stranger, phone.ref, [line(phone, 2001)])
    nobody = dataclasses.replace(work, actor=Actor(new_person(work).id, 1, frozenset()))
    with pytest.raises(CollectorWithoutCardError):
        register_phone(nobody)


def test_the_package_holds_her_own_round_and_no_number_to_ring(uma, rani, phone):
    make_payer(uma, card_number="KA/08502", called="Sita")
    sync_lines(uma, phone.ref, [line(phone, 2001), line(phone, 2002, card="KA/09999")])
    put_on_round(uma, phone.collector_id, "KA/08500", on_round=True)
    package = package_of(uma, take_along(uma, phone.ref))
    assert package["books"] == [[2003, 2020]]
    assert [(one["card"], one["called"]) for one in package["people"]] == [
        ("KA/08501", "Rani"),
        ("KA/08500", "Uma"),
    ]
    assert package["next_no"] == next_receipt(uma.session, phone.collector_id) == 2003
    assert [one["reason"] for one in package["waiting"]] == ["card_unknown"]
    for number in ("5000000017", "50000 00017"):
        assert number not in str(package)
    put_on_round(uma, phone.collector_id, "KA/08501", on_round=False)
    assert [one["called"] for one in package_of(uma, phone)["people"]] == ["Uma"]


def test_every_line_is_tied_to_its_phone_with_what_it_said(uma, rani, phone):
    sync_lines(uma, phone.ref, [line(phone, 2001)])
    held, kept = uma.session.execute(
        select(RoundLine, CollectionLine).join(
            CollectionLine, CollectionLine.id == RoundLine.line_id
        )
    ).one()
    assert (held.stamped, held.written_at.isoformat()) == (True, "2026-10-16T04:30:00+00:00")
    assert kept.payment_id is not None
