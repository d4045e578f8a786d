"""Statements taken in: each line once, whatever file it stands in, and known by what it says."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, text

from tests.builders.bank import CAMT, DATA, line_saying, make_csv, make_statement, proof, sound
from tests.builders.dues import balance, make_payer, make_payment, make_register
from union.bank.errors import (
    OtherAccountError,
    StatementAheadError,
    StatementDoesNotAddUpError,
    StatementDoublesError,
    StatementHasProblemsError,
)
from union.bank.models import BankLine, BankStatement
from union.bank.queries.lines import line_view
from union.bank.queries.proposals import all_waiting
from union.bank.queries.tables import bank_account
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import Kind
from union.bank.services import (
    decide_line,
    preview_statement,
    take_statement,
)
from union.dues.queries.reminders import known_payers
from union.dues.services import charge_month, import_collections, import_handovers
from union.infra.people import Person
from union.kernel.periods import Month
from union.ledger.rules import EntryKind, NewEntry, Source, credit, debit
from union.ledger.services import (
    open_books,
    post_entry,
)

OCTOBER = Month(2026, 10)
FEE = ("05/10/2026", "UPI/CR/562731904417/union fee", 4000)


def test_the_shared_statement_is_booked_proposed_or_waits_and_is_proved(work, clock):
    clock.move_to(datetime(2026, 11, 2, 6, tzinfo=UTC))
    make_register(work)
    charge_month(work, OCTOBER)
    import_collections(work, (DATA / "collections.csv").read_bytes())
    import_handovers(work, (DATA / "handovers.csv").read_bytes())
    outcome = take_statement(work, CAMT)
    assert (outcome.lines, outcome.fresh, outcome.repeated) == (148, 148, 1)
    assert outcome.booked + outcome.proposed + outcome.unmatched == 148
    assert (outcome.booked, outcome.proposed, outcome.unmatched) == (70, 2, 76)
    found = proof(work)
    assert (found.bank_minor, found.difference_minor, found.lines_missing_minor) == (7475100, 0, 0)
    assert found.opening_minor == 4821000
    assert sorted(one.amount_minor for one in found.not_in_book) == [-300000, -125000]
    again = take_statement(work, CAMT)
    assert (again.statement_ref, again.fresh, again.before) == (None, 0, 148)
    assert balance(work, "5210") == 5900
    assert balance(work, "1190") == 0
    opening = (debit("1110", 4821000), credit("3010", 4821000))
    post_entry(
        work,
        NewEntry(EntryKind.OPENING, date(2026, 9, 30), Source("brought_forward", 1), opening),
    )
    assert proof(work).opening_minor == 0
    assert proof(work).difference_minor == 0
    sound(work)


def test_files_that_overlap_bring_each_line_once(work):
    lines = [FEE, ("06/10/2026", "UPI/CR/2/a", 1000), ("07/10/2026", "UPI/CR/3/b", 2000)]
    assert make_statement(work, *lines[:2]).fresh == 2
    later = make_statement(work, *lines[1:], opening_minor=4000)
    assert (later.fresh, later.before) == (1, 1)
    assert work.session.scalar(select(func.count()).select_from(BankStatement)) == 2
    assert proof(work).lines_missing_minor == 0
    assert proof(work).bank_minor == 7000
    sound(work)


def test_two_banks_layouts_of_one_account_are_told_by_its_number(work, clock):
    clock.move_to(datetime(2026, 11, 2, 6, tzinfo=UTC))
    take_statement(work, (DATA / "bank-sbi.xls").read_bytes())
    with pytest.raises(OtherAccountError):
        take_statement(work, (DATA / "bank-hdfc.csv").read_bytes())


def test_the_same_days_in_another_layout_are_not_booked_twice(work, clock):
    clock.move_to(datetime(2026, 11, 2, 6, tzinfo=UTC))
    take_statement(work, (DATA / "bank-icici.xls").read_bytes())
    with pytest.raises(StatementDoublesError):
        take_statement(work, (DATA / "bank-union.xlsx").read_bytes())
    assert work.session.scalar(select(func.count()).select_from(BankLine)) == 10


def test_a_file_cut_short_or_ahead_of_time_stays_outside(work):
    open_books(work)
    whole = make_csv(FEE, ("06/10/2026", "UPI/CR/2/a", 1000), ("07/10/2026", "UPI/CR/3/b", 2000))
    cut = b"\n".join(line for line in whole.splitlines() if b"CR/2/a" not in line)
    with pytest.raises(StatementDoesNotAddUpError):
        take_statement(work, cut)
    with pytest.raises(StatementHasProblemsError):
        take_statement(work, whole.replace(b"06/10/2026", b"36/10/2026"))
    with pytest.raises(StatementAheadError):
        take_statement(work, make_csv(("05/11/2026", "UPI", 1000)))
    assert work.session.scalar(select(func.count()).select_from(BankLine)) == 0


def test_a_statement_missing_in_between_is_seen_before_it_comes_in(work):
    make_statement(work, FEE)
    later = make_csv(("09/10/2026", "UPI/CR/9/z", 1000), opening_minor=14000)
    assert preview_statement(work, later).jump_minor == 10000
    take_statement(work, later)
    assert proof(work).lines_missing_minor == 10000


def test_an_older_statement_comes_in_after_a_newer_one(work):
    make_statement(work, FEE, opening_minor=9000)
    older = make_csv(("05/09/2026", "UPI/CR/8/x", 1000), opening_minor=8000)
    assert preview_statement(work, older).jump_minor == 0
    take_statement(work, older)
    assert proof(work).bank_minor == 13000
    assert proof(work).lines_missing_minor == 0
    assert proof(work, date(2026, 9, 30)).bank_minor == 9000
    sound(work)


def test_her_words_pass_to_her_own_key_and_go_with_her(work):
    rani = make_payer(work, card_number="KA/08001")
    make_statement(work, ("05/10/2026", "UPI/CR/1/KA 8001/RANI", 2000))
    view = line_saying(work, "RANI")
    person = work.session.get_one(Person, rani.person_id)
    assert view.line.key_ref == person.key_ref
    assert not view.waits
    work.vault.destroy_key(person.key_ref)
    assert line_view(work, view.line.ref).words.narration == ""


def test_what_the_desk_took_is_linked_and_not_booked_twice(work):
    rani = make_payer(work, card_number="KA/08001")
    charge_month(work, OCTOBER)
    make_payment(work, rani.person_id, 2000, method="upi", happened_on=date(2026, 10, 5))
    outcome = make_statement(work, ("06/10/2026", "UPI/CR/1/KA 8001", 2000))
    assert outcome.booked == 1
    assert work.session.scalar(text("SELECT count(*) FROM dues_payment")) == 1
    assert proof(work).agrees
    sound(work)


def test_she_is_known_by_where_she_paid_from_before(work):
    rani = make_payer(work, card_number="KA/08001")
    first = ("05/10/2026", "UPI/CR/1/RANI/rani.k55@oksample/fee", 2000)
    make_statement(work, first)
    line = line_saying(work, "RANI").line
    decide_line(work, line.ref, Choice(Kind.DUES, person_id=rani.person_id))
    second = ("06/10/2026", "UPI/CR/2/RANI/RANI.K55@oksample/fee", 2000)
    outcome = make_statement(work, second, opening_minor=2000)
    assert (outcome.booked, outcome.proposed) == (0, 1)
    (proposed,) = all_waiting(work, bank_account(work.session)).proposed
    assert known_payers(work) == {rani.person_id}
    decide_line(work, proposed.view.line.ref, Choice.of(proposed.judgement.best))
    assert known_payers(work) == set()
    third = ("07/10/2026", "UPI/CR/3/RANI/rani.k55@OKSAMPLE/fee", 2000)
    assert make_statement(work, third, opening_minor=4000).booked == 1


def test_her_telephone_is_enough_and_a_shared_one_is_not(work):
    make_payer(work, card_number="KA/08001", phone="5147104974")
    for number in (2, 3):
        make_payer(work, card_number=f"KA/0800{number}", phone="5147104975")
    outcome = make_statement(
        work,
        ("05/10/2026", "UPI/1/5147104974", 2000),
        ("05/10/2026", "UPI/2/5147104975", 2000),
    )
    assert (outcome.booked, outcome.proposed) == (1, 1)
