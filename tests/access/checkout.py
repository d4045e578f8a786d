"""A visit to the card company, and an instruction to pay every month."""

from __future__ import annotations

from tests.access.sides import Example, Made, Side
from tests.builders.dues import make_payer
from union.checkout.models import CardInstruction
from union.checkout.services import ask_instruction, ask_payment
from union.infra.work import Work


def make(work: Work, side: Side) -> Made:
    payer = make_payer(work, branch=side.branch).person_id
    visit = ask_payment(work, "stripe", payer, 10_000)
    monthly = ask_instruction(work, "stripe", payer, 10_000)
    instruction = work.session.get_one(CardInstruction, monthly.instruction_id)
    return {
        "checkout.visit": Example({"ref": visit.ref}, tied=payer),
        "checkout.instruction": Example({"ref": instruction.ref}, tied=payer),
    }
