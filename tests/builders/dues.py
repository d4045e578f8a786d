"""Payers, payments and the union's own sheet for tests, with sound defaults."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from sqlalchemy import text

from tests.builders.ledger import acting_as, make_person_as
from tests.builders.members import make_branch, make_member
from union.dues.models import DuesProposal, Payment, PaysAs, Waiver
from union.dues.services import (
    NewWaiver,
    ReceivePayment,
    agree_proposal,
    propose_pays_as,
    propose_waiver,
    receive_payment,
)
from union.infra.work import Work
from union.kernel.actor import Role
from union.kernel.periods import Month
from union.ledger.services import open_books
from union.members.services import NewMember, add_members

DATA = Path(__file__).parents[1] / "data"


def make_payment(work: Work, person_id: int, amount_minor: int = 2000, **fields) -> Payment:
    """A payment at the desk, today."""
    open_books(work)
    fields.setdefault("happened_on", work.clock.today())
    return receive_payment(work, ReceivePayment(person_id, amount_minor, **fields))


def make_payer(work: Work, **fields):
    """A member who joined long ago and pays ₹20 a month."""
    fields.setdefault("joined_on", date(2020, 1, 1))
    return make_member(work, **fields)


def waive(work: Work, new: NewWaiver) -> Waiver:
    """Let somebody off some months, as one officer proposes and another agrees."""
    with acting_as(work, make_person_as(work, Role.TREASURER)):
        said = propose_waiver(work, new)
    made = _agreed(work, said)
    assert isinstance(made, Waiver)
    return made


def pay_as(work: Work, person_id: int, category: str, from_month: Month) -> PaysAs:
    """Let somebody pay as a category, as one officer proposes and another agrees."""
    with acting_as(work, make_person_as(work, Role.TREASURER)):
        said = propose_pays_as(work, person_id, category, from_month)
    made = _agreed(work, said)
    assert isinstance(made, PaysAs)
    return made


def _agreed(work: Work, said: DuesProposal) -> Waiver | PaysAs:
    with acting_as(work, make_person_as(work, Role.SIGNATORY)):
        return agree_proposal(work, said.ref)


def make_register(work: Work) -> dict[str, int]:
    """The cards of the shared register as members, in two branches; person ids by card.

    Only what dues need: the first row of each card, ₹20 a month, the dead and gone as such.
    """
    branches = [make_branch(work).id, make_branch(work, "Gadag", 15.43, 75.62).id]
    seen: dict[str, NewMember] = {}
    with (DATA / "register.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            card = row["ID card no"]
            if card and card not in seen:
                seen[card] = NewMember(
                    branch_id=branches[len(seen) % 2],
                    card_number=card,
                    joined_on=date(2020, 1, 1),
                    fee_minor=2000,
                    **_standing(row["Remarks"]),
                )
    return dict(zip(seen, add_members(work, list(seen.values())), strict=True))


def _standing(remark: str) -> dict[str, object]:
    if remark.startswith("expired"):
        return {"status": "died", "status_on": date(2024, 12, 31)}
    if remark.startswith("left"):
        return {"status": "left", "status_on": date(2023, 12, 31)}
    return {}


def balance(work: Work, account: str) -> int:
    """What an account holds, over all funds."""
    query = text("SELECT ledger_control_balance(:account)")
    return work.session.scalar(query, {"account": account})


def ask_laws(work: Work) -> None:
    """Ask every deferred law now, as a commit would."""
    work.session.flush()
    work.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    work.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
