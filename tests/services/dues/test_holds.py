"""Numbers taken along on phones: each its own book, none offered twice, free when put down."""

from __future__ import annotations

import dataclasses

import pytest

from tests.builders.dues import make_payer
from union.dues.errors import BookOnOtherPhoneError, NumberOnPhoneError, PhoneRevokedError
from union.dues.queries.books import next_receipt
from union.dues.queries.holds import next_on, next_on_paper
from union.dues.queries.phones import devices_of, package_of
from union.dues.rules.books import to_take_along, white_numbers
from union.dues.services import (
    IssueBook,
    issue_book,
    put_down,
    register_phone,
    revoke_phone,
    take_along,
    write_round_receipt,
)
from union.kernel.actor import Actor
from union.kernel.errors import NotFoundError
from union.ledger.services import open_books


@pytest.fixture
def uma(work):
    """A collector at work, with two books of fifty."""
    open_books(work)
    walker = make_payer(work, card_number="KA/08500")
    make_payer(work, card_number="KA/08501")
    for first in (2001, 3001):
        issue_book(work, IssueBook("KA/08500", first, first + 49, work.clock.today()))
    return dataclasses.replace(work, actor=Actor(walker.person_id, 1, frozenset()))


def taken(work, device) -> list[list[int]]:
    return package_of(work, take_along(work, device.ref))["books"]


def test_each_phone_has_its_own_book_and_a_third_is_told(uma):
    first, second, third = (register_phone(uma) for _ in range(3))
    assert taken(uma, first) == [[2001, 2050]]
    assert taken(uma, second) == [[3001, 3050]]
    assert taken(uma, first) == [[2001, 2050]]
    collector = first.collector_id
    assert (next_on(uma.session, first.id, collector), next_receipt(uma.session, collector)) == (
        2001,
        2001,
    )
    assert next_on_paper(uma.session, collector) is None
    with pytest.raises(BookOnOtherPhoneError):
        take_along(uma, third.ref)
    put_down(uma, first.ref)
    assert next_on_paper(uma.session, collector) == 2001
    assert taken(uma, third) == [[2001, 2050]]
    revoke_phone(uma, second.ref)
    assert taken(uma, first) == [[3001, 3050]]
    assert [one.numbers for one in devices_of(uma.session, collector)] == [
        "2001–2050",
        "",
        "3001–3050",
    ]


def test_a_number_on_a_phone_is_not_written_on_the_ordinary_page(uma):
    phone = register_phone(uma)
    take_along(uma, phone.ref)
    with pytest.raises(NumberOnPhoneError):
        write_round_receipt(uma, "KA/08501", 2000, 2001)
    assert write_round_receipt(uma, "KA/08501", 2000, 3001)


def test_who_has_few_left_takes_the_next_book_too(uma):
    for number in (2001, 2030):
        write_round_receipt(uma, "KA/08501", 2000, number)
    phone = register_phone(uma)
    assert taken(uma, phone) == [[2031, 2050], [3001, 3050]]


def test_only_her_own_phone_and_none_that_was_taken_off(uma, work):
    phone = register_phone(uma)
    stranger = dataclasses.replace(work, actor=Actor(make_payer(work).person_id, 1, frozenset()))
    for act in (take_along, put_down):
        with pytest.raises(NotFoundError):
            act(stranger, phone.ref)
    revoke_phone(uma, phone.ref)
    with pytest.raises(PhoneRevokedError):
        take_along(uma, phone.ref)


def test_what_is_white_and_what_is_taken():
    books = [range(1, 11), range(11, 51), range(51, 101)]
    assert white_numbers(books, {3, 10, 11}) == [range(12, 51), range(51, 101)]
    white = [range(5, 11), range(11, 51), range(51, 101)]
    assert to_take_along(white, [], []) == white[:2]
    assert to_take_along(white, [range(11, 51)], []) == []
    assert to_take_along(white, [range(1, 11)], []) == white[1:2]
    assert to_take_along(white, [], [range(8, 20)]) == [range(51, 101)]
    assert to_take_along(white, [], [range(1, 101)]) == []
