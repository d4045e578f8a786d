"""A float, and a paper of what was spent from it."""

from __future__ import annotations

from io import BytesIO

from sqlalchemy import select

from tests.access.sides import Example, Made, Side
from tests.builders.ledger import acting_as, make_books, make_person_as, make_receipt
from tests.builders.papers import png
from union.infra.work import Work
from union.kernel.actor import Role
from union.ledger.models import Paper
from union.ledger.queries.floats import floats
from union.ledger.services import (
    NewSettlement,
    approve_voucher,
    give_float,
    pay_voucher,
    set_float,
    tell_spent,
)


def make(work: Work, side: Side) -> Made:
    if side.first:
        make_books(work)
        make_receipt(work, 3_000_000, fund="crisis")
    holder = make_person_as(work, Role.RESPONDER)
    treasurer, signatory = (make_person_as(work, r) for r in (Role.TREASURER, Role.SIGNATORY))
    with acting_as(work, treasurer):
        set_float(work, holder.person_id, "auto", 80_000)
        (view,) = floats(work, holder.person_id)
        voucher = give_float(work, view.account.ref, 60_000, "1110", "for tonight")
    for actor in (treasurer, signatory):
        with acting_as(work, actor):
            approve_voucher(work, voucher.ref, voucher.content_hash)
    with acting_as(work, treasurer):
        pay_voucher(work, voucher.ref)
    with acting_as(work, holder):
        new = NewSettlement(45_000, work.clock.today(), "auto", papers=[BytesIO(png())])
        told = tell_spent(work, view.account.ref, new)
    ref = work.session.scalars(
        select(Paper.ref).where(Paper.belongs_kind == "settlement", Paper.belongs_id == told.id)
    ).one()
    return {
        "ledger.float": Example({"ref": view.account.ref}, tied=holder.person_id),
        "ledger.paper": Example({"ref": ref}, tied=holder.person_id),
    }
