"""Vouchers, moves between funds and counts that wait for a second hand, or money on its way."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attacks.awaited.scene import Page, Room, Scene
from tests.builders.ledger import make_approved_voucher, make_books, make_receipt
from tests.builders.members import make_member
from union.kernel.actor import Role

MOVE = {
    "amount": "1200",
    "from_fund": "general",
    "to_fund": "welfare",
    "money": "1110",
    "decided_on": "2026-10-10",
    "words": "Minute 7 of the general meeting",
}


def second_hands(scene: Scene) -> Iterator[Page]:
    """A voucher to pay, a payment doubted, moves asked for and done, a count found short."""
    desk, second = scene.somebody(Role.TREASURER), scene.somebody(Role.SIGNATORY)
    with scene.work() as work:
        make_books(work)
        make_receipt(work, 900_000)
        make_receipt(work, 900_000, fund="welfare")
        make_receipt(work, 900_000, fund="crisis", account="1010")
        pay, doubted = (
            make_approved_voucher(work, payee_person_id=make_member(work).person_id).ref
            for _ in range(2)
        )
    paid = f"/books/vouchers/{doubted}"
    scene.send(desk, paid, "ledger.pay", paid_on="2026-10-16")
    scene.send(desk, paid, "ledger.say_mistake", words="the rent went, not this")
    moved = scene.send(desk, "/books/transfers/new", "ledger.new_transfer", **MOVE).location
    scene.send(second, moved, "ledger.answer_to_transfer", answer="agree")
    asked = scene.send(desk, "/books/transfers/new", "ledger.new_transfer", **MOVE).location
    yield Page(desk, f"/books/vouchers/{pay}", {"paid_on": "2026-10-16"})
    yield Page(second, paid)
    yield Page(second, asked)
    yield Page(desk, moved)
    box = "/books/boxes/1010/count"
    scene.post(desk, box, {"book": "900000", "p50000": "17", "p20000": "2"})
    (counted,) = [one for one in scene.links(second, "/books/counts") if "/counts/" in one]
    yield Page(second, counted, {"answer": "right"})
    scene.send(second, counted, "ledger.see_count", answer="right")
    yield Page(second, counted, {"how": "found", "amount": "60"})


ROOMS = (
    Room(
        "second hands over money",
        frozenset(
            {
                *("ledger.pay", "ledger.answer_mistake", "ledger.answer_to_transfer"),
                *("ledger.transfer_back", "ledger.see_count", "ledger.end_count"),
            }
        ),
        second_hands,
        suite=True,
    ),
)
