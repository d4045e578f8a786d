"""Money of the demonstration that has gone out: a float for the night, a meeting, and a plan."""

from __future__ import annotations

from union.demo.officers import acting, officer
from union.infra.work import Work
from union.kernel.actor import Actor, Role
from union.ledger.models import Voucher
from union.ledger.queries.floats import floats
from union.ledger.queries.keeping import planned
from union.ledger.rules import AccountCode, FundCode
from union.ledger.rules.years import FinancialYear
from union.ledger.services import (
    NewDonation,
    NewSettlement,
    NewSpending,
    add_payee,
    answer_settlement,
    approve_voucher,
    give_float,
    pay_voucher,
    set_budget,
    set_float,
    take_donation,
    tell_spent,
    write_voucher,
)

GIFT_MINOR = 200_000
LIMIT_MINOR = 80_000
GIVEN_MINOR = 60_000
TAKEN_MINOR = 18_000
WAITING_MINOR = 22_000
MEETING_MINOR = 124_000

PLAN = (
    (FundCode.GENERAL, AccountCode.DUES_INCOME, 27_600_000),
    (FundCode.GENERAL, AccountCode.DONATIONS, 1_200_000),
    (FundCode.GENERAL, AccountCode.RENT, 1_500_000),
    (FundCode.GENERAL, AccountCode.TRAVEL, 2_400_000),
    (FundCode.GENERAL, AccountCode.PHONES, 1_200_000),
    (FundCode.GENERAL, AccountCode.MEETINGS, 1_800_000),
    (FundCode.WELFARE, AccountCode.WELFARE_PAYMENTS, 6_000_000),
    (FundCode.LEGAL, AccountCode.LEGAL_AID, 2_400_000),
    (FundCode.CRISIS, AccountCode.CRISIS_COSTS, 3_600_000),
)
"""What the union means to take in and spend in its first year, in paise."""


def spend_and_plan(work: Work) -> None:
    """A responder's float, given by two hands, told in two parts of which one waits; and a plan.

    Done once; asked again, it changes nothing.
    """
    treasurer, signatory, holder = (
        officer(work, name, role)
        for name, role in (
            ("treasurer", Role.TREASURER),
            ("signatory", Role.SIGNATORY),
            ("responder", Role.RESPONDER),
        )
    )
    if not planned(work.session, FinancialYear.of(work.clock.today())):
        with acting(work, treasurer):
            _plan(work)
    if holder.person_id is not None and not floats(work, holder.person_id):
        with acting(work, treasurer):
            _gift(work)
            set_float(work, holder.person_id, "auto", LIMIT_MINOR)
        _fill_and_tell(work, treasurer, signatory, holder)
        _pay_for_the_meeting(work, treasurer, signatory)


def _plan(work: Work) -> None:
    year = FinancialYear.of(work.clock.today())
    for fund, account, amount_minor in PLAN:
        set_budget(work, year, (fund, account), amount_minor)


def _gift(work: Work) -> None:
    """What members put into the box for the nights."""
    take_donation(
        work,
        NewDonation(
            income_account=AccountCode.DONATIONS,
            fund=FundCode.CRISIS,
            money_account=AccountCode.CASH_AT_DESK,
            amount_minor=GIFT_MINOR,
            given_on=work.clock.today(),
            giver="The box at the meetings",
            words="From the box that goes round at meetings, for the nights",
        ),
    )


def _fill_and_tell(work: Work, treasurer: Actor, signatory: Actor, holder: Actor) -> None:
    ref = floats(work, holder.person_id)[0].account.ref
    with acting(work, treasurer):
        box, words = AccountCode.CASH_AT_DESK, "Autos for the nights of this week"
        voucher = give_float(work, ref, GIVEN_MINOR, box, words)
    _sign_and_pay(work, voucher, treasurer, signatory)
    today = work.clock.today()
    with acting(work, holder):
        taken = tell_spent(
            work, ref, NewSettlement(TAKEN_MINOR, today, "There and back, with the driver we know")
        )
        tell_spent(work, ref, NewSettlement(WAITING_MINOR, today, "Two autos; the road was shut"))
    with acting(work, signatory):
        answer_settlement(work, taken.ref, accepted=True)


def _pay_for_the_meeting(work: Work, treasurer: Actor, signatory: Actor) -> None:
    with acting(work, treasurer):
        hall = add_payee(work, "The hall by the market").person_id
        words = "Hall, tea and bus fares for the meeting"
        box, meetings = AccountCode.CASH_AT_DESK, AccountCode.MEETINGS
        new = NewSpending(hall, FundCode.GENERAL, box, meetings, MEETING_MINOR, words)
        voucher = write_voucher(work, new)
    _sign_and_pay(work, voucher, treasurer, signatory)


def _sign_and_pay(work: Work, voucher: Voucher, treasurer: Actor, signatory: Actor) -> None:
    for actor in (treasurer, signatory):
        with acting(work, actor):
            approve_voucher(work, voucher.ref, voucher.content_hash)
    with acting(work, treasurer):
        pay_voucher(work, voucher.ref)
