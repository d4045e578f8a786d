"""Words of the books: beside entries and vouchers, of gifts, between funds, on a float's papers."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from sqlalchemy import select

from tests.builders.ledger import make_approved_voucher, make_books, make_receipt
from tests.builders.papers import png
from tests.canary.scenes.stage import Stage
from union.infra.people import Person
from union.kernel.actor import Role
from union.ledger.queries.floats import floats
from union.ledger.rules import AccountCode, FundCode, Narration
from union.ledger.services import (
    NewDonation,
    NewSettlement,
    NewTransfer,
    add_payee,
    approve_voucher,
    give_float,
    pay_voucher,
    propose_transfer,
    say_mistake,
    set_float,
    take_donation,
    tell_spent,
)


def books(stage: Stage) -> None:
    """Money for her with words beside it, paid and then said to be a mistake; a gift; a move."""
    word = stage.word
    with stage.as_machine() as work:
        make_books(work)
        her = stage.member(work, called=word())
        key_ref = work.session.scalars(select(Person.key_ref).where(Person.id == her)).one()
        for fund in (FundCode.GENERAL, FundCode.WELFARE, FundCode.CRISIS):
            make_receipt(work, 3_000_000, fund=fund, narration=Narration(word(), key_ref))
        voucher = make_approved_voucher(work, payee_person_id=her, note=word())
    with stage.as_somebody(Role.TREASURER) as work:
        pay_voucher(work, voucher.ref)
        add_payee(work, word())
        today = work.clock.today()
        gift = NewDonation(AccountCode.DONATIONS, FundCode.GENERAL, AccountCode.BANK, 5000, today)
        take_donation(work, replace(gift, giver=word(), words=word()))
    with stage.as_somebody(Role.SIGNATORY) as work:
        say_mistake(work, voucher.ref, word())
        move = NewTransfer("general", "welfare", AccountCode.BANK, 30_000, today, word())
        propose_transfer(work, move)


def a_float(stage: Stage) -> None:
    """Money for the night in somebody's hands, and what she says she spent, with a paper."""
    word = stage.word
    with stage.as_machine() as work:
        holder = stage.member(work, called=word())
    with stage.as_somebody(Role.TREASURER) as work:
        set_float(work, holder, "auto", 80_000)
        (view,) = floats(work, holder)
        voucher = give_float(work, view.account.ref, 60_000, AccountCode.BANK, word())
    for role in (Role.TREASURER, Role.SIGNATORY):
        with stage.as_somebody(role) as work:
            approve_voucher(work, voucher.ref, voucher.content_hash)
    with stage.as_somebody(Role.TREASURER) as work:
        pay_voucher(work, voucher.ref)
    with stage.as_person(holder, Role.RESPONDER) as work:
        paper = BytesIO(png(word().encode()))
        spent = NewSettlement(45_000, work.clock.today(), word(), [paper])
        tell_spent(work, view.account.ref, spent)
