"""Makes the demonstration union out of the files in this folder; every step is safe to repeat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import select

from union.bank.queries.upi import address_in_use
from union.bank.services import confirm_address, set_address, take_statement
from union.crisis.models import TeamProfile
from union.crisis.rules.speech import I_CANNOT
from union.crisis.services.teams import import_landmarks, import_teams, set_digits
from union.demo.officers import acting, appoint_officers, let_members_in, officer
from union.demo.people import PEOPLE
from union.demo.phones import lay_out_phones
from union.demo.rota import begin_rota
from union.demo.rounds import begin_rounds, look_over_october
from union.demo.spending import spend_and_plan
from union.dues.services import import_collections, import_handovers, run_month
from union.infra.work import Work
from union.kernel.actor import Actor, Role
from union.kernel.periods import Month
from union.ledger.rules import (
    AccountCode,
    EntryKind,
    FundCode,
    NewEntry,
    Source,
    credit,
    debit,
)
from union.ledger.services import open_books, post_entry
from union.legal.services import seal_cases
from union.members.models import Member
from union.members.queries import member_by_card
from union.members.rules.districts import read_districts
from union.members.services import NewBranch, add_branches
from union.office.services.register_import import import_register
from union.welfare.rules import SICKNESS, Evidence, Terms
from union.welfare.services.schemes import begin_scheme
from union.wiring import House

DATA = Path(__file__).parent / "data"
ACTOR = Actor.system("demonstration")
BOOKS_BEGIN = Month(2026, 4)
STATEMENT_MONTH = Month(2026, 10)
"""Whose statement the bank gives once it is over: a story told before brings none."""
PAY_ADDRESS = "notebook@example"
SICKNESS_TERMS = Terms(
    daily_amount_minor=15000,
    unpaid_days=3,
    waiting_months=6,
    arrears_ceiling_months=6,
    cap_days=30,
    evidence=frozenset({Evidence.DOCTOR, Evidence.VISIT}),
)

PAGED_BY_OFFICE = {Role.COORDINATOR, Role.DUTY_OFFICER}

Tell = Callable[[str], None]


def make(house: House, tell: Tell) -> None:
    """Make the union: districts, officers, register, teams, October's dues and cash, a scheme.

    Broken off anywhere, it goes on where it was the next time.
    """
    lay_ground(house, tell)
    tell("The register")
    with house.unit.begin(ACTOR) as work:
        import_register(work, (DATA / "register.csv").read_bytes())
    tell("The crisis teams")
    with house.unit.begin(ACTOR) as work:
        import_teams(work, (DATA / "teams.csv").read_text(encoding="utf-8").splitlines())
        import_landmarks(work, (DATA / "landmarks.csv").read_text(encoding="utf-8").splitlines())
        _give_digits(work)
    tell("October's dues and the collectors' cash")
    run_month(house.unit, ACTOR, Month(2026, 10))
    with house.unit.begin(ACTOR) as work:
        import_collections(work, (DATA / "collections.csv").read_bytes())
        import_handovers(work, (DATA / "handovers.csv").read_bytes())
    tell("The bank’s statement of October")
    with house.unit.begin(ACTOR) as work:
        if work.clock.today() > STATEMENT_MONTH.last_day:
            take_statement(work, (DATA / "bank.camt053.xml").read_bytes())
    with house.unit.begin(ACTOR) as work:
        begin_scheme(work, SICKNESS, date(2026, 4, 1), SICKNESS_TERMS)
        let_members_in(work)
        look_over_october(work)
        begin_rounds(work)
        _show_where_to_pay(work)
        spend_and_plan(work)
        _give_officers_digits(work)
        begin_rota(work)
    seal_cases(house.unit)
    lay_out_phones(house, digits_of)


def lay_ground(house: House, tell: Tell) -> None:
    """What any file needs before it can be taken in: districts, books, officers and their keys."""
    tell("Districts, books and officers")
    text = (DATA / "districts.csv").read_text(encoding="utf-8")
    with house.unit.begin(ACTOR) as work:
        add_branches(work, map(NewBranch.of, read_districts(text)))
        open_books(work, BOOKS_BEGIN)
        _bring_forward(work)
        appoint_officers(work)


def _show_where_to_pay(work: Work) -> None:
    """An address no bank has, by two hands, so that members have a code to look at."""
    if address_in_use(work.session) is None:
        with acting(work, officer(work, "treasurer", Role.TREASURER)):
            address = set_address(work, PAY_ADDRESS, "Notebook")
        with acting(work, officer(work, "signatory", Role.SIGNATORY)):
            confirm_address(work, address.ref)


def _bring_forward(work: Work) -> None:
    """What the old books ended with: the bank's balance, and the welfare fund's box of cash."""
    held = (
        (AccountCode.BANK, FundCode.GENERAL, 1821000),
        (AccountCode.BANK, FundCode.WELFARE, 3000000),
        (AccountCode.CASH_AT_DESK, FundCode.WELFARE, 600000),
    )
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.OPENING,
            happened_on=BOOKS_BEGIN.first_day,
            source=Source("brought_forward", 1),
            legs=tuple(
                leg
                for account, fund, amount_minor in held
                for leg in (
                    debit(account, amount_minor, fund),
                    credit(AccountCode.OPENING_BALANCES, amount_minor, fund),
                )
            ),
        ),
    )


def _give_digits(work: Work) -> None:
    """Each one's two digits are the last of her card, and backwards when she is forced."""
    cards = work.session.execute(
        select(Member.person_id, Member.card_number)
        .join(TeamProfile, TeamProfile.person_id == Member.person_id)
        .where(TeamProfile.digits_hash.is_(None), Member.card_number.is_not(None))
    )
    for person_id, card in cards.all():
        hers, forced = digits_of(str(card))
        set_digits(work, person_id, hers, forced)


def _give_officers_digits(work: Work) -> None:
    """The coordinator and the duty officer are paged too, and answer like anybody else."""
    for person in PEOPLE:
        if person.card is not None and PAGED_BY_OFFICE.intersection(person.roles):
            member = member_by_card(work.session, person.card)
            if member is not None:
                set_digits(work, member.person_id, *digits_of(person.card))


def digits_of(card: str) -> tuple[str, str]:
    """The two pairs of somebody with this card: her own, and the one for when she is forced.

    Neither is ever 00, which says "I cannot".
    """
    hers = card[-2:] if card[-2:] != I_CANNOT else "10"
    forced = hers[::-1]
    return hers, forced if forced != hers else f"{int(hers) % 98 + 1:02d}"
