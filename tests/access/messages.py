"""A mailbox of hers, and a trial of the way to it."""

from __future__ import annotations

from tests.access.sides import Example, Made, Side
from tests.builders.ledger import acting_as
from tests.builders.members import make_member
from tests.builders.welfare import as_member
from union.infra.work import Work
from union.messages.services import add_mailbox, ring_me


def make(work: Work, side: Side) -> Made:
    number = "5845000001" if side.first else "5845000002"
    member = make_member(work, side.branch, phone=number)
    with acting_as(work, as_member(member)):
        place = add_mailbox(work, f"{number}@example.test")
        (trial,) = ring_me(work, ["sms"])
    return {
        "messages.place": Example({"ref": place.ref}, tied=member.person_id),
        "messages.trial": Example({"ref": trial.ref}, tied=member.person_id),
    }
