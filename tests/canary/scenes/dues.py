"""Words beside dues: why she need not pay, what was taken back, what she or a round says."""

from __future__ import annotations

import os
import uuid

from tests.builders.dues import make_payment, waive
from tests.canary.scenes.stage import Stage
from union.dues.rules.phone_lines import SentLine, seal_line
from union.dues.services import (
    NewWaiver,
    SayPaid,
    TakeBack,
    import_collections,
    register_phone,
    say_paid,
    sync_lines,
    take_back,
)
from union.kernel.actor import Role
from union.kernel.periods import Month
from union.ledger.services import open_books


def what_she_owes(stage: Stage) -> None:
    """A waiver by two, a payment taken back, and money she says she gave."""
    word = stage.word
    with stage.as_machine() as work:
        her = stage.member(work, called=word(), fee_minor=2000)
        open_books(work)
        month = Month.of(work.clock.today()).shift(1)
        waive(work, NewWaiver(her, month, month, "hardship", word()))
    with stage.as_somebody(Role.TREASURER) as work:
        payment = make_payment(work, her)
    with stage.as_somebody(Role.SIGNATORY) as work:
        take_back(work, TakeBack(payment.id, "wrong_member", word()))
    with stage.as_person(her, Role.MEMBER) as work:
        say_paid(work, SayPaid(her, 2000, work.clock.today(), words=word()))


def a_round(stage: Stage) -> None:
    """A sheet with a card nobody has, and a collector's phone that sends such a line."""
    word = stage.word
    with stage.as_machine() as work:
        walker = stage.member(work, called=word(), card_number="KA/92001")
        sheet = (
            "collector,receipt,date,member,amount,note\n"
            f"KA/92001,3,{work.clock.today():%d-%m-%Y},{word()},20,{word()}\n"
        )
        import_collections(work, sheet.encode())
    with stage.as_person(walker, Role.COLLECTOR) as work:
        phone, key = register_phone(work), str(uuid.uuid4())
        today = work.clock.today().isoformat()
        said = {"receipt_no": 4, "card": word(), "amount_minor": 2000, "day": today}
        about = f"{phone.ref}|{key}"
        sync_lines(
            work,
            phone.ref,
            [SentLine(key, seal_line(phone.public_key, about, said, os.urandom(12)))],
        )
