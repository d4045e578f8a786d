"""Payers, payments and the union's own sheet for tests, with sound defaults."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from sqlalchemy import text

from tests.builders.members import make_branch, make_member
from union.dues.models import Payment
from union.dues.services import ReceivePayment, receive_payment
from union.infra.work import Work
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
