"""Dues that are proposed, in question or handed over, and what waits on a round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time

from tests.attacks.awaited.scene import Page, Room, Scene
from tests.builders.dues import make_payer, make_payment, waive
from union.dues.rules.waivers import WaiverReason
from union.dues.services import (
    IssueBook,
    NewWaiver,
    SayPaid,
    charge_month,
    collector_for_person,
    issue_book,
    register_phone,
    say_paid,
    set_rate,
    start_run,
)
from union.kernel.actor import Role
from union.kernel.periods import Month
from union.ledger.services import open_books
from union.members.models import Member, ReachRule

NOON = datetime(2026, 10, 16, 6, 30, tzinfo=UTC)


def _rani(scene: Scene, **fields: object) -> Member:
    """Somebody with a telephone, six full months behind, who agreed to texts about her card."""
    with scene.work() as work:
        open_books(work)
        rani = make_payer(work, called="Rani", phone="5830166131", **fields)
        wish = {"asked": True, "channels": ["sms"], "not_before": time(9), "not_after": time(20)}
        work.session.merge(ReachRule(person_id=rani.person_id, changed_at=work.clock.now(), **wish))
        for month in Month(2026, 4).through(Month(2026, 10)):
            charge_month(work, month)
    return rani


def decided(scene: Scene) -> Iterator[Page]:
    """Proposals, a waiver that holds, standing to decide, reminders that go and that wait."""
    scene.clock.move_to(NOON)
    rani = _rani(scene, card_number="KA/08001")
    desk, second = scene.somebody(Role.TREASURER), scene.somebody(Role.SIGNATORY)
    secretary = scene.somebody(Role.MEMBERSHIP_SECRETARY)
    months = {"from_month": "2026-08", "until_month": "2026-08", "reason": "illness"}
    off = f"/dues/passbook/{rani.ref}/let-off"
    scene.send(desk, off, "dues.let_off", **months, note="fever")
    yield Page(second, "/dues/proposals")
    with scene.work() as work:
        her = make_payer(work).person_id
        waived = waive(work, NewWaiver(her, Month(2026, 9), None, WaiverReason.DETAINED))
    yield Page(desk, f"/dues/let-off/{waived.ref}/end", {"until_month": "2026-09"})
    yield Page(secretary, "/dues/standing")
    yield Page(desk, "/dues/reminders")
    scene.send(desk, "/dues/reminders", "dues.reminders")
    yield Page(desk, "/dues/reminders")


def charged(scene: Scene) -> Iterator[Page]:
    """A fee that was another, a run broken off, and money paid ahead."""
    desk = scene.somebody(Role.TREASURER)
    with scene.work() as work:
        open_books(work)
        make_payer(work, fee_minor=None)
        ahead = make_payer(work)
        set_rate(work, "", 2000, Month(2026, 1))
        for month in (Month(2026, 8), Month(2026, 9)):
            charge_month(work, month)
        set_rate(work, "", 2500, Month(2026, 9))
        make_payment(work, ahead.person_id, 20_000)
        run = start_run(work, Month(2026, 10)).ref
    yield Page(desk, "/dues/corrections")
    yield Page(desk, f"/dues/runs/{run}")
    back = {"amount": "60", "money_account": "1110"}
    yield Page(desk, f"/dues/passbook/{ahead.ref}/give-back", back)


def rounds(scene: Scene) -> Iterator[Page]:
    """A collector with a book and a telephone, cash counted short, and lines that wait."""
    rani = _rani(scene, card_number="KA/08501")
    desk, second = scene.somebody(Role.TREASURER), scene.somebody(Role.SIGNATORY)
    with scene.work() as work:
        uma = make_payer(work, card_number="KA/08500", called="Uma")
        issue_book(work, IssueBook("KA/08500", 2001, 2050, work.clock.today()))
        collector = collector_for_person(work, uma.person_id)
        said = say_paid(work, SayPaid(rani.person_id, 2_000, work.clock.today()))
        book = {"collector_person_id": uma.person_id, "receipt_no": 2001}
        make_payment(work, rani.person_id, 10_000, **book)
    assert said.id
    walker = scene.somebody(Role.COLLECTOR, person_id=uma.person_id)
    with scene.work(walker) as work:
        register_phone(work)
    written = {"card": "KA/08501", "amount": "20", "receipt_no": "2002"}
    yield Page(walker, "/dues/round", written)
    here = f"/dues/cash/{collector.ref}"
    yield Page(walker, f"{here}/round")
    hers = scene.somebody(Role.MEMBER, person_id=rani.person_id)
    yield Page(hers, "/dues/mine/said")
    typed = {"receipt-1": "2002", "day-1": "16-10-2026", "card-1": "9999", "amount-1": "20"}
    scene.post(desk, f"{here}/typed", {"rows": "20", "leave": "y", **typed})
    (waiting,) = [one for one in scene.links(desk, "/dues/waiting") if "/dues/waiting/" in one]
    line = {"card": "KA/08501", "amount": "20", "happened_on": "2026-10-16", "receipt_no": "2002"}
    yield Page(desk, waiting, line)
    scene.post(desk, here, {"counted": "60", "happened_on": "2026-10-16"})
    yield Page(desk, here)
    scene.send(desk, here, "dues.close_cash")
    (hand,) = [one for one in scene.links(desk, here) if "/dues/cash/handed/" in one]
    scene.send(walker, hand, "dues.sign_other", said="70")
    yield Page(second, hand)
    shown = scene.links(desk, "/dues/cash/differences")
    (short,) = [one for one in shown if "/dues/cash/differences/" in one]
    yield Page(desk, short, {"how": "brought", "amount": "15"})


ROOMS = (
    Room(
        "dues that are decided",
        frozenset(
            {
                *("dues.agree", "dues.refuse", "dues.end_let_off", "dues.decide"),
                *("dues.reminders", "dues.stop_reminders"),
            }
        ),
        decided,
    ),
    Room(
        "dues that are charged anew",
        frozenset({"dues.corrections", "dues.go_on", "dues.give_back"}),
        charged,
    ),
    Room(
        "cash of a round",
        frozenset(
            {
                *("dues.write_receipt", "dues.revoke_phone", "dues.withdraw_said"),
                *("dues.settle", "dues.drop", "dues.close_cash", "dues.settle_signature"),
                "dues.difference",
            }
        ),
        rounds,
    ),
)
