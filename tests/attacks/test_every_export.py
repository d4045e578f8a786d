"""Formula injection, over every table that leaves the house.

Which addresses answer with cells is read out of the code of the pages, so that a new one without a
plan fails. Each plan has people write what a spreadsheet would run wherever its table takes words
from; then everybody who may fetches it, and it is read as a spreadsheet reads it.
"""

from __future__ import annotations

import ast
import csv
import inspect
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import openpyxl
import pytest
from sqlalchemy import select

from tests.builders import figures
from tests.builders.crisis import report
from tests.builders.dues import make_payer
from tests.builders.ledger import (
    acting_as,
    make_approved_voucher,
    make_books,
    make_person_as,
    make_receipt,
)
from tests.builders.members import make_branch, make_member
from tests.builders.readings import written_down
from tests.pages import PagesUnit
from union.bank.models import BankBatch
from union.bank.rules.payees import PayeeDetails
from union.bank.services import NewPayee, confirm_payee, make_batch, mark_sent, payees, set_payee
from union.infra.readings import Reading, Reason, Why, write_down
from union.infra.work import Work
from union.kernel.actor import Actor, Role
from union.kernel.clock import ManualClock
from union.ledger.queries.floats import floats
from union.ledger.services import give_float, pay_voucher, set_float
from union.reports.books import BUILDERS
from union.web.access import TABLE
from union.web.words import ledger as words_of_books

TEST = Actor.system("test")
SIGNS = (
    *("=", "+", "-", "@", "|", "\t=", "\r=", "\n+", " =", "\u00a0@", "\u200b=", "\ufeff-", '"='),
    *("＝", "＋", "－", "＠", "\u2212", "﹣"),
)
MARK = "zqzxkvqj"
"""Long enough to stand in no reference, key or seal by chance."""

FORMULAS = tuple(f"{sign}{MARK}{chr(97 + at)}" for at, sign in enumerate(SIGNS))
"""Each begins as some spreadsheet's formula does, and ends in a letter of its own."""

UNSEEN = ' \t\r\n\u00a0\u200b\ufeff"'
FIGURE = re.compile(r"-?\d+(\.\d+)?")
TABLES = re.compile(r"text/csv|text/tab-separated|spreadsheet|ms-excel|application/zip")
WORDLESS = {"annual-return"}
"""Reports whose every word is the registrar's."""


def runs(cell: str) -> bool:
    """Whether a cell of a CSV begins as a formula, also behind what is not seen."""
    bare = unicodedata.normalize("NFKC", cell).lstrip(UNSEEN)
    return bare.startswith(tuple("=+-@|\u2212")) and FIGURE.fullmatch(cell) is None


@dataclass
class Ground:
    """Where a plan plants: the pages' own unit of work, their clock, and what may be replaced."""

    pages: PagesUnit
    clock: ManualClock
    monkeypatch: pytest.MonkeyPatch


def of_payees(ground: Ground) -> Mapping[str, set[str]]:
    """Details as no form of ours lets through, in case one ever does."""
    details = {one: PayeeDetails(one, one, one, one) for one in FORMULAS}
    ground.monkeypatch.setattr(payees, "read_payee", lambda name, *_more: details[name])
    with ground.pages.begin(TEST) as work:
        make_books(work)
        make_receipt(work, 50_000 * len(FORMULAS), fund="welfare")
        batch = make_batch(work, [_payable(work, one) for one in FORMULAS])
        mark_sent(work, batch.ref)
        ref = work.session.scalars(select(BankBatch.ref)).one()
    return {f"/bank/files-out/{ref}/list.csv": set(FORMULAS)}


def _payable(work: Work, words: str) -> str:
    voucher = make_approved_voucher(work, payee_person_id=make_payer(work).person_id)
    with acting_as(work, make_person_as(work, Role.TREASURER)):
        written = set_payee(work, NewPayee(voucher.payee_person_id, words))
    with acting_as(work, make_person_as(work, Role.SIGNATORY)):
        confirm_payee(work, written.ref)
    return voucher.ref


def of_districts(ground: Ground) -> Mapping[str, set[str]]:
    with ground.pages.begin(TEST) as work:
        for at, name in enumerate(FORMULAS):
            branch = make_branch(work, name)
            caller = make_member(work, branch).person_id
            report(work, place=f"lodge {at}", district=name, person_id=caller)
    return {"/figures.csv": set(FORMULAS)}


def of_districts_told_outside(ground: Ground) -> Mapping[str, set[str]]:
    told = FORMULAS[:2]
    for name in told:
        ground.monkeypatch.setitem(figures.WHERE, name, figures.WHERE["Bidar"])
    figures.calls_of(ground.pages, ground.clock, dict.fromkeys(told, 11))
    figures.tell(ground.pages, ground.clock, 2026, 11)
    return {"/figures-outside.csv?month=2026-10": set(told)}


def of_the_books(ground: Ground) -> Mapping[str, set[str]]:
    """The union's own names of accounts and funds; nobody's words stand in a report."""
    every = set(FORMULAS)
    for names in (words_of_books.ACCOUNTS, words_of_books.FUNDS):
        for at, code in enumerate(sorted(names)):
            ground.monkeypatch.setitem(names, code, FORMULAS[at % len(FORMULAS)])
    with ground.pages.begin(TEST) as work:
        make_books(work)
        make_receipt(work, 12_345_678, fund="welfare")
        voucher = make_approved_voucher(work)
        with acting_as(work, make_person_as(work, Role.TREASURER)):
            pay_voucher(work, voucher.ref)
    return {
        f"/reports/{code}.{ending}": set() if code in WORDLESS else every
        for code in BUILDERS
        for ending in ("csv", "xlsx")
    }


def of_the_whole_books(ground: Ground) -> Mapping[str, set[str]]:
    """What a float is for is written by whoever gives it; no word leaves with the books."""
    with ground.pages.begin(TEST) as work:
        make_books(work)
        make_receipt(work, 3_000_000, fund="crisis")
        holder = make_person_as(work, Role.RESPONDER)
        with acting_as(work, make_person_as(work, Role.TREASURER)):
            set_float(work, holder.person_id, "auto", 80_000)
            (view,) = floats(work, holder.person_id)
            give_float(work, view.account.ref, 60_000, "1110", FORMULAS[0])
    return {"/books/export/books.zip": set()}


def of_readings(ground: Ground) -> Mapping[str, set[str]]:
    with ground.pages.begin(TEST) as work:
        her = make_member(work)
        why = Why(Reason.OTHER, FORMULAS[0])
        reading = Reading("legal_name_opened", "member", her.person_id, her.person_id, why)
        write_down(work, reading, her.key_ref)
        assert written_down(work)
    return {"/readings/copy.zip": set()}


PLANS: Mapping[str, Callable[[Ground], Mapping[str, set[str]]]] = {
    "bank.batch_file": of_payees,
    "crisis.figures_file": of_districts,
    "crisis.figures_outside": of_districts_told_outside,
    "reports.printed": of_the_books,
    "exports.books": of_the_whole_books,
    "readings.export": of_readings,
}
"""For each address of cells: plants, and says which files to fetch and which words show in each.

Where words are said, at least one of them stands in each file, all of them where all can.
"""


def names_and_texts(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            yield one.id
        elif isinstance(one, ast.Subscript):
            yield f"{ast.unparse(one.value)}[]"
        elif isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def gives_cells(view: Callable[..., object]) -> bool:
    """Whether a page's code, or whatever of its own module that calls, speaks of a table's type."""
    module = inspect.getmodule(inspect.unwrap(view))
    assert module is not None
    tree = ast.parse(inspect.getsource(module))
    parts = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}
    told = {one for values in vars(module).get("PRINTERS", {}).values() for one in values[:1]}
    waiting, seen = {inspect.unwrap(view).__name__}, set()
    while waiting:
        seen |= waiting
        said = {one for name in waiting for one in names_and_texts(parts[name])}
        if "PRINTERS[]" in said:
            said |= told
        if any(map(TABLES.search, said)):
            return True
        waiting = (said & set(parts)) - seen
    return False


def test_every_address_that_answers_with_cells_has_a_plan(app):
    found = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if inspect.unwrap(view).__module__.startswith("union.") and gives_cells(view)
    }
    assert found == set(PLANS)


@pytest.fixture
def ground(pages, clock, monkeypatch) -> Ground:
    return Ground(pages, clock, monkeypatch)


def cells_of(answer) -> tuple[set[str], list[str]]:
    """Every text of a table, and those cells that are formulas or begin one."""
    if answer.mimetype == "application/zip":
        return texts_of(answer.data), []
    if answer.mimetype == "text/csv":
        text = io.StringIO(answer.data.decode("utf-8-sig"), newline="")
        cells = {cell for row in csv.reader(text) for cell in row}
        return cells, sorted(filter(runs, cells))
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    there = [cell for page in book for row in page.iter_rows() for cell in row]
    texts = [cell for cell in there if isinstance(cell.value, str)]
    awake = [cell.value for cell in texts if runs(cell.value) and not cell.quotePrefix]
    return {cell.value for cell in texts}, [
        *awake,
        *(str(cell.value) for cell in there if cell.data_type == "f"),
    ]


def texts_of(packed: bytes) -> set[str]:
    """What lies in an archive, which holds no table that a spreadsheet would open."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        endings = {name.rpartition(".")[2] for name in archive.namelist()}
        assert endings <= {"txt", "json", "jsonl", "beancount", "journal"}
        return {archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("endpoint", PLANS)
def test_nothing_that_anybody_wrote_is_run(ground, sign_in, endpoint):
    files = PLANS[endpoint](ground)
    assert files
    for role in sorted(TABLE[endpoint].roles):
        browser = sign_in(role)
        for address, words in files.items():
            answer = browser.get(address)
            assert answer.status_code == 200, (role, address)
            cells, run = cells_of(answer)
            assert run == [], (role, address)
            shown = {one for one in FORMULAS for cell in cells if one[-len(MARK) - 1 :] in cell}
            assert shown == words if len(files) == 1 else bool(shown) == bool(words), address
