"""Bank statements for tests: lines as people say them, as a file that adds up."""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import partial
from pathlib import Path
from zlib import crc32

from sqlalchemy import select, text

from tests.builders.dues import ask_laws
from union.bank.invariants import INVARIANTS
from union.bank.models import BankLine
from union.bank.queries.lines import LineView, line_view
from union.bank.queries.reconciliation import reconciliation
from union.bank.queries.tables import bank_account
from union.bank.rules.reconciliation import Reconciliation
from union.bank.services import Outcome, take_statement
from union.infra.work import Work
from union.ledger.services import open_books

DATA = Path(__file__).parents[1] / "data"
CAMT = (DATA / "bank.camt053.xml").read_bytes()
HEADING = ("Txn Date", "Description", "Ref No", "Debit", "Credit", "Balance")


def make_csv(*lines: tuple[str, str, int], opening_minor: int = 0) -> bytes:
    """A bank's CSV: each line is a day ("05/10/2026"), a narration, and paise."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADING)
    balance = opening_minor
    for day, narration, amount in lines:
        balance += amount
        sides = ("", f"{amount / 100:.2f}") if amount > 0 else (f"{-amount / 100:.2f}", "")
        reference = f"R{crc32(narration.encode()):010d}"
        writer.writerow((day, narration, reference, *sides, f"{balance / 100:.2f}"))
    return out.getvalue().encode()


def make_statement(work: Work, *lines: tuple[str, str, int], opening_minor: int = 0) -> Outcome:
    """Such a file, taken in; the books are open."""
    open_books(work)
    return take_statement(work, make_csv(*lines, opening_minor=opening_minor))


def line_saying(work: Work, words: str) -> LineView:
    """The one line whose narration holds these words."""
    refs = work.session.scalars(select(BankLine.ref)).all()
    (found,) = [
        view for view in map(partial(line_view, work), refs) if words in view.words.narration
    ]
    return found


def proof(work: Work, on: date = date(2026, 10, 31)) -> Reconciliation:
    """The bank against the book on this day."""
    return reconciliation(work.session, bank_account(work.session), on)


def sound(work: Work) -> None:
    """Every law is asked as a commit would, and every invariant of the bank holds."""
    ask_laws(work)
    for name, query in INVARIANTS.items():
        assert work.session.execute(text(query)).all() == [], name
