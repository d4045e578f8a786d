"""Every step of the audit finds what it is there to find: a fault planted for each, and seen.

The base is a small month in order, so that each step answers "in order" first. Faults that the
database refuses to the application are planted as only its owner could, with the triggers off.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from tests.builders.counting import count_box, make_officer
from tests.builders.exports import seal_and_sign
from tests.builders.identity import make_account
from tests.builders.ledger import acting_as, make_books, make_receipt, make_voucher
from tests.builders.members import make_member
from tests.builders.papers import pdf
from tests.conftest import START, AnyRoute
from union.dues.services import (
    HandOverCash,
    ReceivePayment,
    SignHandOver,
    hand_over,
    receive_payment,
    sign_hand_over,
)
from union.dues.services.books import IssueBook, issue_book
from union.dues.services.collectors import collector_for_card
from union.infra.db import application_engine, owner_engine
from union.infra.keystore import KeyStore
from union.infra.vault import Vault
from union.infra.work import UnitOfWork, Work
from union.kernel.actor import Actor, Grant, Role
from union.kernel.clock import ManualClock
from union.kernel.periods import Month
from union.ledger.queries.floats import floats
from union.ledger.services import (
    OpeningLine,
    approve_voucher,
    bring_forward,
    give_float,
    pay_voucher,
    reverse_entry,
    set_float,
)
from union.office.audit.queries.guide import GUIDE, ask_step
from union.office.audit.rules.steps import Span, Verdict

SPAN = Span(date(2026, 7, 1), date(2026, 10, 17))
TABLES = (
    "journal_entry, journal_leg, account_day, receipt, dues_payment, hand_over_signature,"
    " hand_over, cash_count, cash_count_witness, bank_statement, bank_payee, voucher_approval,"
    " voucher_text, accounting_period, seal_head, cash_difference, said_paid, member, voucher"
)

STATEMENT = """
INSERT INTO bank_account (ref, account_code, made_at)
VALUES ('audited', '1110', '2026-10-01Z') ON CONFLICT (account_code) DO NOTHING;
ALTER TABLE bank_statement DISABLE TRIGGER USER;
INSERT INTO bank_statement (ref, account_id, key_ref, file_kind, period_from, period_to,
                            opening_minor, closing_minor, lines, fresh, made_at)
SELECT 'audited', id, gen_random_uuid(), 'csv', '2026-10-01', '2026-10-17', 500000, 500000, 0, 0,
       '2026-10-17Z' FROM bank_account WHERE account_code = '1110';
ALTER TABLE bank_statement ENABLE TRIGGER USER
"""
PAYEE = """
INSERT INTO bank_payee (ref, person_id, key_ref, details, number_index, made_at)
SELECT 'p' || n, id, gen_random_uuid(), '', 'same', '2026-10-01Z'
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM person
         WHERE id IN (SELECT person_id FROM member)) p WHERE n IN (2, 3)
"""
JOINED = """
UPDATE member SET merged_into = (SELECT max(person_id) FROM bank_payee)
 WHERE person_id = (SELECT min(person_id) FROM bank_payee)
"""
OF_THE_ROUND = """
UPDATE dues_payment SET happened_on = happened_on - {days}
 WHERE id = (SELECT {which}(id) FROM dues_payment)
"""

FAULTS = {
    "opening: a kept balance that no entry made": (
        "opening",
        "INSERT INTO account_day VALUES ('4110', 'general', '2026-06-30', 0, 700)",
        Verdict.WRONG,
    ),
    "receipt_books: a slip is torn out": (
        "receipt_books",
        "UPDATE receipt SET number = 9 WHERE number = 3",
        Verdict.LOOK,
    ),
    "receipt_books: a receipt of no book": (
        "receipt_books",
        "UPDATE receipt SET number = 900 WHERE number = 3",
        Verdict.LOOK,
    ),
    "deposits: cash that nobody countersigned": (
        "deposits",
        "DELETE FROM hand_over_signature",
        Verdict.LOOK,
    ),
    "deposits: more handed in than is booked": (
        "deposits",
        """UPDATE account_day SET credit_minor = credit_minor + 64000
            WHERE account_code LIKE '1020-%' AND credit_minor > 0""",
        Verdict.LOOK,
    ),
    "days_to_deposit: cash kept for two months": (
        "days_to_deposit",
        OF_THE_ROUND.format(days=60, which="min"),
        Verdict.LOOK,
    ),
    "lapping: old cash, and receipts written down late": (
        "lapping",
        OF_THE_ROUND.format(days=60, which="min"),
        Verdict.LOOK,
    ),
    "lapping: days against the numbers, and she says otherwise": (
        "lapping",
        OF_THE_ROUND.format(days=5, which="max")
        + """;
        INSERT INTO said_paid (ref, person_id, key_ref, collector_id, amount_minor, happened_on,
                               said_at)
        SELECT 'otherwise', person_id, gen_random_uuid(), id, 2000, '2026-10-05', '2026-10-12Z'
          FROM collector""",
        Verdict.LOOK,
    ),
    "cash_counts: the box held less": (
        "cash_counts",
        "UPDATE cash_count SET counted_minor = counted_minor - 100",
        Verdict.LOOK,
    ),
    "cash_counts: nobody else was there": (
        "cash_counts",
        "DELETE FROM cash_count_witness",
        Verdict.LOOK,
    ),
    "bank: the bank says something else": (
        "bank",
        "UPDATE bank_statement SET closing_minor = closing_minor - 1",
        Verdict.WRONG,
    ),
    "approvals: one hand is missing": (
        "approvals",
        "DELETE FROM voucher_approval WHERE ctid = (SELECT min(ctid) FROM voucher_approval)",
        Verdict.WRONG,
    ),
    "approvals: the second hand is the payee's other entry": (
        "approvals",
        """UPDATE member SET merged_into = (SELECT min(payee_person_id) FROM voucher)
            WHERE person_id = (SELECT max(a.person_id) FROM voucher_approval a
                                JOIN member m ON m.person_id = a.person_id)""",
        Verdict.WRONG,
    ),
    "approvals: both within a minute": (
        "approvals",
        "UPDATE voucher_approval SET approved_at = '2026-10-16Z'",
        Verdict.LOOK,
    ),
    "papers: neither a paper nor a reason": ("papers", "DELETE FROM voucher_text", Verdict.LOOK),
    "purposes: spent on what the fund is not for": (
        "purposes",
        "UPDATE journal_leg SET fund_code = 'legal' WHERE account_code = '5010'",
        Verdict.WRONG,
    ),
    "purposes: a fund below nought": (
        "purposes",
        """UPDATE account_day SET credit_minor = credit_minor + 90000000
            WHERE fund_code = 'welfare' AND account_code = '1010'""",
        Verdict.LOOK,
    ),
    "payees: one account behind two women": ("payees", PAYEE, Verdict.LOOK),
    "payees: who approves is paid": (
        "payees",
        """UPDATE voucher_approval SET person_id = (SELECT max(payee_person_id) FROM voucher)
            WHERE ctid = (SELECT min(ctid) FROM voucher_approval)""",
        Verdict.LOOK,
    ),
    "floats: money out for a fortnight": (
        "floats",
        "UPDATE account_day SET posted_on = posted_on - 14 WHERE account_code LIKE '1310-%'",
        Verdict.LOOK,
    ),
    "corrections: one reaches back": (
        "corrections",
        """UPDATE journal_entry SET posted_on = '2026-09-20'
            WHERE id IN (SELECT reverses_id FROM journal_entry)""",
        Verdict.LOOK,
    ),
    "months: one was closed a season late": (
        "months",
        "UPDATE accounting_period SET status = 'closed', closed_at = '2027-01-20Z'",
        Verdict.LOOK,
    ),
    "seals: an entry was changed after it was sealed": (
        "seals",
        """UPDATE journal_entry SET happened_on = happened_on - 1
            WHERE id = (SELECT min(id) FROM journal_entry)""",
        Verdict.WRONG,
    ),
    "seals: nobody signed": ("seals", "DELETE FROM seal_head", Verdict.LOOK),
}

HARMLESS = {
    "lapping: one sign alone": ("lapping", OF_THE_ROUND.format(days=5, which="max")),
    "payees: one woman under two entries": ("payees", f"{PAYEE}; {JOINED}"),
    "receipt_books: white receipts at the end": (
        "receipt_books",
        "UPDATE receipt SET number = number",
    ),
}


def _officers(work: Work) -> tuple[Actor, Actor]:
    """A treasurer, and a signatory who is a member as well."""
    signatory = make_member(work, called="Sita").person_id
    account = make_account(work, signatory)
    grants = frozenset({Grant(Role.SIGNATORY)})
    return make_officer(work, Role.TREASURER), Actor(signatory, account.id, grants)


def _pay(work: Work, clock: ManualClock, hands: tuple[Actor, Actor], voucher) -> None:
    for actor in hands:
        clock.advance(timedelta(minutes=5))
        with acting_as(work, actor):
            approve_voucher(work, voucher.ref, voucher.content_hash)
    with acting_as(work, hands[0]):
        pay_voucher(work, voucher.ref)


def _round(work: Work, hands: tuple[Actor, Actor]) -> None:
    """Three receipts, handed in whole and countersigned."""
    member, collector = make_member(work), make_member(work)
    held = collector_for_card(work, collector.card_number)
    today = work.clock.today()
    issue_book(work, IssueBook(collector.card_number, 1, 50, today - timedelta(days=9)))
    for number in (1, 2, 3):
        receive_payment(
            work,
            ReceivePayment(
                member.person_id,
                2000,
                happened_on=today - timedelta(days=7 - number),
                collector_person_id=collector.person_id,
                receipt_no=number,
            ),
        )
    with acting_as(work, hands[0]):
        handed = hand_over(work, HandOverCash(held.id, 6000, today))
    with acting_as(work, replace(hands[1], person_id=collector.person_id)):
        sign_hand_over(work, SignHandOver(handed.ref))


def _month_in_order(work: Work, clock: ManualClock) -> None:
    make_books(work, Month(2026, 10))
    hands = _officers(work)
    with acting_as(work, hands[0]):
        opened = [
            OpeningLine("1110", "general", 500_000),
            OpeningLine("1010", "welfare", 300_000),
            OpeningLine("1010", "crisis", 300_000),
        ]
        bring_forward(work, opened, [BytesIO(pdf(b"the old book"))])
    _round(work, hands)
    reverse_entry(work, make_receipt(work, 5000, account="1010").id)
    payee = make_member(work)
    narrated = make_voucher(
        work, payee.person_id, money_account="1010", note="a fever, ten days in bed"
    )
    _pay(work, clock, hands, narrated)
    holder = make_member(work).person_id
    with acting_as(work, hands[0]):
        set_float(work, holder, "auto", 80_000)
        ref = floats(work, holder)[0].account.ref
        filled = give_float(work, ref, 60_000, "1010", "for the night")
    _pay(work, clock, hands, filled)
    with acting_as(work, hands[0]):
        count_box(work, "1010", 496_000)
    seal_and_sign(work)


@pytest.fixture(scope="module")
def in_order(ledger_database, keystore_engine, machine_secrets):
    """A committed month in order, and a way to look at it as the owner, which is rolled back."""
    clock = ManualClock(START)
    keystore = KeyStore(keystore_engine, machine_secrets.machine_keys, clock)
    vault = Vault(keystore, machine_secrets.index_key, machine_secrets.signing_key)
    engine = application_engine(ledger_database.url)
    unit = UnitOfWork(sessionmaker(engine, expire_on_commit=False), clock, vault, AnyRoute())
    with unit.begin(Actor.system("test")) as work:
        _month_in_order(work, clock)
    engine.dispose()
    owner = owner_engine(ledger_database.owner_url)
    with owner.begin() as connection:
        connection.exec_driver_sql(STATEMENT)
    yield owner, clock, vault
    owner.dispose()


@pytest.fixture
def look(in_order):
    """Ask a step after planting something, and leave no trace of it."""
    owner, clock, vault = in_order

    def ask(code: str, fault: str = ""):
        with owner.connect() as connection, Session(connection) as session:
            for table in TABLES.split(", ") if fault else ():
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            if fault:
                plain = {"no_parameters": True}
                connection.exec_driver_sql(fault, execution_options=plain)
            work = Work(session, clock, Actor.system("test"), vault.fresh())
            found = ask_step(work, code, SPAN)
            session.rollback()
        return found

    return ask


@pytest.mark.parametrize("code", GUIDE)
def test_a_month_in_order_is_said_to_be(look, code):
    found = look(code)
    assert found.verdict is Verdict.WELL, dict(found.figures)


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(look, name):
    code, fault, verdict = FAULTS[name]
    found = look(code, fault)
    assert found.verdict is verdict, dict(found.figures)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_no_fault_is_not_taken_for_one(look, name):
    code, change = HARMLESS[name]
    assert look(code, change).verdict is Verdict.WELL


def test_every_step_has_a_planted_fault():
    assert {code for code, _fault, _verdict in FAULTS.values()} == set(GUIDE)
