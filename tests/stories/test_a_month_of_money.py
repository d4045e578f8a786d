"""One month of money on the union's own files, from the register to a signed audit.

The register comes in, October is charged, the collectors' sheet and the bank's statement are
booked, rent and a sick member are paid by two hands, the month is closed over its list, the seals
sign it, a trustee looks it over, and the books leave the house. The last word on the figures has
beancount (and hledger where it is installed), not we.
"""

from __future__ import annotations

import subprocess
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader
from beancount.core import realization
from sqlalchemy import select

from tests.builders.audit import PASSWORD, make_trustee
from tests.builders.exports import verify, write_export
from tests.builders.ledger import acting_as, make_person_as
from tests.builders.members import make_circles
from union.bank.models import BankWord
from union.bank.queries.lines import undecided
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import Kind
from union.bank.services import confirm_word, say_line, take_statement
from union.cli.check import find_false_heads, find_invariants, find_violations
from union.dues.models import CashDifference, CollectionLine
from union.dues.services import import_collections, import_handovers, run_month
from union.dues.services.differences import How, SettleDifference, settle_difference
from union.dues.services.lines import drop_line
from union.infra.people import new_person
from union.infra.timers import fire_due
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor, Role
from union.kernel.periods import Month
from union.ledger.models import SealHead
from union.ledger.queries import control_balance, trial_balance
from union.ledger.rules import AccountCode, FundCode, NewVoucher, Source
from union.ledger.services import (
    TIMERS,
    approve_voucher,
    bring_forward,
    count_cash,
    open_books,
    prepare_voucher,
    witness_count,
)
from union.ledger.services.keeping import OpeningLine
from union.members.queries import member_by_card
from union.members.rules.districts import read_districts
from union.members.services import NewBranch, add_branches
from union.office.audit.queries.guide import ask_all
from union.office.audit.queries.reports import report_of
from union.office.audit.rules.steps import Span, Verdict
from union.office.audit.services import draw_sample, look_at_paper, open_audit, sign_report
from union.office.audit.services.looking import NewSample
from union.office.closing.queries import checklist
from union.office.closing.rules import MUST, Item
from union.office.closing.services import close_with_checklist
from union.office.open_books.queries import open_month
from union.office.services.register_import import import_register
from union.reports.exports import BEANCOUNT, HLEDGER

DATA = Path(__file__).parents[1] / "data"
OCTOBER = Month(2026, 10)
SPAN = Span(OCTOBER.first_day, OCTOBER.last_day)
OFFICE = Actor.system("office")
BANK_BEGAN = 48_210_00
BANK_ENDED = 74_751_00
BANK_NAME = "Assets:1110-Bank-account"
GENERAL, BANK = FundCode.GENERAL, AccountCode.BANK


@dataclass(frozen=True)
class Office:
    """Who does what in this office."""

    unit: UnitOfWork
    treasurer: Actor
    signatory: Actor
    trustee: Actor

    def as_(self, actor: Actor):
        return self.unit.begin(actor)


@pytest.fixture
def office(committing, clock):
    unit = committing
    with unit.begin(OFFICE) as work:
        open_books(work, OCTOBER)
        bring_forward(work, [OpeningLine(AccountCode.BANK, FundCode.GENERAL, BANK_BEGAN)])
        districts = read_districts((DATA / "districts.csv").read_text(encoding="utf-8"))
        add_branches(work, [NewBranch.of(one) for one in districts])
        make_circles(work)
        people = [make_person_as(work, role) for role in (Role.TREASURER, Role.SIGNATORY)]
        return Office(unit, *people, make_trustee(work))


def take_cash(office) -> None:
    """The sheet and the hand-overs; what nobody can explain is settled the same day."""
    with office.as_(office.treasurer) as work:
        outcome = import_collections(work, (DATA / "collections.csv").read_bytes())
        import_handovers(work, (DATA / "handovers.csv").read_bytes())
        assert (outcome.rows, outcome.booked, outcome.amount_minor) == (649, 627, 28_680_00)
    with office.as_(office.treasurer) as work:
        waiting = work.session.scalars(
            select(CollectionLine.ref).where(
                CollectionLine.verdict.in_(("refused", "missing")),
                CollectionLine.settled_at.is_(None),
            )
        )
        for ref in waiting.all():
            drop_line(work, ref)
        for one in work.session.scalars(select(CashDifference)).all():
            how = How.KEPT if one.amount_minor > 0 else How.BROUGHT
            settle_difference(work, SettleDifference(one.ref, how, abs(one.amount_minor)))


def write_vouchers(office) -> dict[int, int]:
    """Rent and a sick member's help, each approved by two; voucher ids by amount."""
    with office.as_(office.treasurer) as work:
        sick = member_by_card(work.session, "KA/00017").person_id
        asked = (
            NewVoucher(
                GENERAL, BANK, AccountCode.RENT, new_person(work).id, 1250_00, Source("bill", 1)
            ),
            NewVoucher(
                GENERAL, BANK, AccountCode.WELFARE_PAYMENTS, sick, 3000_00, Source("claim", 1)
            ),
        )
        made = [prepare_voucher(work, one) for one in asked]
        for voucher in made:
            for actor in (office.treasurer, office.signatory):
                with acting_as(work, actor):
                    approve_voucher(work, voucher.ref, voucher.content_hash)
        return {voucher.amount_minor: voucher.id for voucher in made}


def take_bank(office, vouchers) -> None:
    """The statement: what is certain is booked, the treasurer says what the rest is."""
    with office.as_(office.treasurer) as work:
        outcome = take_statement(work, (DATA / "bank.camt053.xml").read_bytes())
        assert (outcome.fresh, outcome.booked + outcome.proposed + outcome.unmatched) == (148, 148)
    with office.as_(office.treasurer) as work:
        assert take_statement(work, (DATA / "bank.camt053.xml").read_bytes()).fresh == 0
        for line in undecided(work.session, OCTOBER):
            said = say_line(work, line.ref, choose(line.amount_minor, vouchers))
            if isinstance(said, BankWord):
                with acting_as(work, office.signatory):
                    confirm_word(work, said.ref)


def choose(amount_minor, vouchers) -> Choice:
    if amount_minor == 23_200_00:
        return Choice(Kind.DEPOSIT)
    if amount_minor > 0:
        return Choice(Kind.HELD)
    if -amount_minor in vouchers:
        return Choice(Kind.VOUCHER, target_id=vouchers[-amount_minor])
    return Choice(Kind.CHARGE)


def close_october(office) -> None:
    """The desk's cash is counted before two, the list is gone through, the month is closed."""
    with office.as_(office.treasurer) as work:
        for code in (AccountCode.CASH_AT_DESK,):
            book = control_balance(work.session, code)
            counted = count_cash(work, code, {100: book // 100}, book)
            with acting_as(work, office.trustee):
                witness_count(work, counted.ref, agrees=True)
        left = {one.item: one.left for one in checklist(work, OCTOBER) if not one.done}
        assert not left.keys() & (MUST | {Item.BANK_PROVED}), left
        close_with_checklist(work, OCTOBER, carried=True)


def look_over(office) -> str:
    """A trustee asks every step, draws papers, and signs; nothing is wrong."""
    with office.as_(office.trustee) as work:
        steps = {one.code: one for one in ask_all(work, SPAN)}
        wrong = {code for code, one in steps.items() if one.verdict is Verdict.WRONG}
        assert wrong == set(), {code: steps[code] for code in wrong}
        assert steps["bank"].figures["unexplained_minor"] == 0
        assert steps["approvals"].figures["payments"] == 2
        assert steps["seals"].verdict is Verdict.WELL
        audit = open_audit(work, "surprise", SPAN.from_on, SPAN.to_on)
        sample = draw_sample(work, audit.ref, NewSample("vouchers", 2, "6 1"))
        for position in (1, 2):
            look_at_paper(work, sample.ref, position, "right")
        sign_report(work, audit.ref, PASSWORD)
        assert [one.holds for one in report_of(work, audit).signatures] == [True]
        return audit.ref


def theirs_by_beancount(path) -> dict[str, Decimal]:
    entries, errors, _ = loader.load_string(path.read_text())
    assert errors == []
    held = realization.realize(entries)
    return {
        account.account: next((one.units.number for one in account.balance), Decimal(0))
        for account in realization.iter_children(held, leaf_only=True)
    }


@pytest.fixture
def exported(office, clock, tmp_path):
    """The whole month, and the export that left the house."""
    unit = office.unit
    with unit.begin(OFFICE) as work:
        import_register(work, (DATA / "register.csv").read_bytes())
    run = run_month(unit, OFFICE, OCTOBER)
    assert (run.charged, run.amount_minor) == (1129, 22_830_00)
    clock.move_to(datetime(2026, 10, 31, 6, tzinfo=UTC))
    take_cash(office)
    vouchers = write_vouchers(office)
    clock.move_to(datetime(2026, 11, 2, 6, tzinfo=UTC))
    take_bank(office, vouchers)
    close_october(office)
    fire_due(unit, TIMERS)
    look_over(office)
    with unit.reading(OFFICE) as work:
        path = write_export(work, tmp_path / "books.zip")
    with zipfile.ZipFile(path) as file:
        file.extractall(tmp_path)
    return path


def test_a_month_of_money(office, exported, tmp_path):
    with office.unit.reading(OFFICE) as work:
        assert find_violations(work, find_invariants()) == {}
        assert find_false_heads(work) == {}
        heads = work.session.scalars(select(SealHead.reason).order_by(SealHead.id)).all()
        assert "month" in heads
        books = open_month(work.session, OCTOBER)
        ours = trial_balance(work.session, work.clock.today())
    assert ours.difference_minor == 0
    assert verify(exported).stdout.endswith("All is well.\n")
    theirs = theirs_by_beancount(tmp_path / BEANCOUNT)
    assert theirs[f"{BANK_NAME}:General"] == Decimal(BANK_ENDED) / 100
    for row in ours.rows:
        parts = [amount for name, amount in theirs.items() if f":{row.code}-" in f"{name}-"]
        assert sum(parts) == Decimal(row.balance_minor) / 100, row.code
    assert books.closed
    assert books.running_minor == 1250_00 + 59_00
    assert (books.out_minor, books.kept_minor, list(books.parted)) == (None, None, ["general"])


@pytest.mark.outside
def test_hledger_says_the_same(exported, tmp_path):
    said = subprocess.run(
        ["hledger", "-f", tmp_path / HLEDGER, "balance", "--flat", "-E", "-N", "-O", "csv"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = [line.strip('"').split('","') for line in said.splitlines()[1:]]
    hledger = {name: Decimal(amount.removeprefix("INR ") or 0) for name, amount in rows}
    assert hledger[f"{BANK_NAME}:General"] == Decimal(BANK_ENDED) / 100
    beancount = theirs_by_beancount(tmp_path / BEANCOUNT)
    assert {name: hledger.get(name, Decimal(0)) for name in beancount} == beancount
