"""Lines of the bank, second hands, accounts money goes to, and files of payments."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attacks.awaited.scene import Page, Room, Scene
from tests.builders.bank import line_saying, make_statement
from tests.builders.dues import make_payer
from tests.builders.ledger import (
    acting_as,
    make_approved_voucher,
    make_books,
    make_person_as,
    make_receipt,
)
from union.bank.services import NewPayee, confirm_payee, make_batch, mark_sent, set_payee
from union.dues.services import charge_month
from union.infra.work import Work
from union.kernel.actor import Role
from union.kernel.periods import Month

LOCKER = ("07/10/2026", "CHQ 12 LOCKER", -125_000)
SAFE = ("07/10/2026", "CHQ 13 SAFE", -125_000)
HERS = ("05/10/2026", "UPI/CR/1/KA 8001", 50_000)
FEE = ("05/10/2026", "UPI/CR/2/union fee", 4_000)
STRANGER = ("05/10/2026", "NEFT STRANGER", 31_300)


def lines(scene: Scene) -> Iterator[Page]:
    """A proposal, a line that is kept, several that wait, and two that a second hand may book."""
    desk, second = scene.somebody(Role.TREASURER), scene.somebody(Role.SIGNATORY)
    with scene.work() as work:
        make_books(work)
        make_receipt(work, 1_000_000)
        make_payer(work, card_number="KA/08001", called="Rani")
        charge_month(work, Month(2026, 10))
        make_statement(work, LOCKER, SAFE, HERS, FEE, STRANGER, opening_minor=1_000_000)
        refs = {word: line_saying(work, word).line.ref for word in ("LOCKER", "SAFE", "fee")}
    for word in ("LOCKER", "SAFE"):
        line = f"/bank/lines/{refs[word]}"
        scene.send(desk, line, "bank.decide", kind="charge", note="for the bank locker")
    scene.send(desk, f"/bank/lines/{refs['fee']}", "bank.decide", kind="held", note="whose is it")
    scene.send(desk, "/bank/ceiling", "bank.write_ceiling", line="600", month="2000")
    scene.send(desk, "/bank/address", "bank.set_upi", address="union@oksample", payee_name="Union")
    yield Page(desk, "/bank/waiting")
    yield Page(desk, "/bank/many", {"what": "keep", "note": "asked the bank"})
    yield Page(desk, f"/bank/lines/{refs['fee']}")
    yield Page(second, "/bank/second-hand")
    yield Page(second, "/bank/ceiling")
    yield Page(second, "/bank/address")


def money_out(scene: Scene) -> Iterator[Page]:
    """A voucher at each step of its way to the bank and back."""
    desk, second = scene.somebody(Role.TREASURER), scene.somebody(Role.SIGNATORY)
    with scene.work() as work:
        make_books(work)
        make_receipt(work, 1_000_000, fund="welfare")
        unknown = make_approved_voucher(work, payee_person_id=make_payer(work).person_id).ref
        _payable(work, confirmed=False)
        _payable(work)
        waiting = make_batch(work, [_payable(work)]).ref
        gone = make_batch(work, [_payable(work)]).ref
        doubted = make_batch(work, [_payable(work)]).ref
        mark_sent(work, gone)
        mark_sent(work, doubted)
    scene.send(desk, f"/bank/files-out/{doubted}", "bank.refused")
    account = {"name": "Rani", "address": "rani@oksample", "number": "", "ifsc": ""}
    yield Page(desk, f"/bank/payees/of/{unknown}", account)
    yield Page(second, "/bank/payees")
    yield Page(desk, "/bank/files-out")
    yield Page(desk, f"/bank/files-out/{waiting}")
    yield Page(desk, f"/bank/files-out/{gone}")
    yield Page(second, f"/bank/files-out/{doubted}")


def _payable(work: Work, *, confirmed: bool = True) -> str:
    """An approved voucher whose payee's account one wrote down and, if so, another confirmed."""
    voucher = make_approved_voucher(work, payee_person_id=make_payer(work).person_id)
    her = voucher.payee_person_id
    with acting_as(work, make_person_as(work, Role.TREASURER)):
        written = set_payee(work, NewPayee(her, "Rani", address=f"rani{her}@oksample"))
    if confirmed:
        with acting_as(work, make_person_as(work, Role.SIGNATORY)):
            confirm_payee(work, written.ref)
    return voucher.ref


ROOMS = (
    Room(
        "lines of the bank",
        frozenset(
            {
                *("bank.accept", "bank.confirm_ceiling_of", "bank.confirm_hand"),
                *("bank.confirm_upi", "bank.decide_many", "bank.end_hand", "bank.reopen"),
            }
        ),
        lines,
        anew=frozenset({"bank.decide_many"}),
    ),
    Room(
        "money on its way out",
        frozenset(
            {
                *("bank.payee", "bank.confirm_payee", "bank.refuse_payee", "bank.make"),
                *("bank.send", "bank.take_out", "bank.refused", "bank.answer_refused"),
            }
        ),
        money_out,
        suite=True,
    ),
)
