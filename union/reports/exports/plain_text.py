"""The journal as beancount and hledger read it, with their own checks of every balance.

Each fund of an account is an account of its own there, since those tools know no funds; every
account's balance is asserted on the day after the last posting, so that a tool which adds up to
anything else refuses the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from union.kernel.money import MINOR_PER_MAJOR
from union.reports.exports.reading import BooksOfAMoment, Row

CURRENCY = "INR"
ROOTS = {
    "asset": "Assets",
    "liability": "Liabilities",
    "equity": "Equity",
    "income": "Income",
    "expense": "Expenses",
}


@dataclass(frozen=True, slots=True)
class Names:
    """What each account and fund is called there: "Assets:1110-Bank-account:General"."""

    accounts: dict[str, str]

    @classmethod
    def of(cls, books: BooksOfAMoment) -> Names:
        """Names made of codes and the chart's own words."""
        return cls(
            {
                one["code"]: f"{ROOTS[one['kind']]}:{_slug(one['code'], one['name'])}"
                for one in books.parts["accounts"]
            }
        )

    def name(self, account: str, fund: str) -> str:
        """One account's part in one fund."""
        return f"{self.accounts[account]}:{_slug(fund.capitalize())}"


def beancount(books: BooksOfAMoment) -> str:
    """The journal for beancount 3."""
    names, entries, balances = _parts(books)
    first, last = _days(entries)
    lines = [f'option "operating_currency" "{CURRENCY}"', ""]
    lines += [
        f"{first} open {names.name(one['account'], one['fund'])} {CURRENCY}" for one in balances
    ]
    for entry in entries:
        lines += ["", f'{entry["posted_on"]} * "{entry["kind"]}" ^e-{entry["ref"]}']
        lines += [f"  {name}: {value}" for name, value in _about(entry)]
        lines += [
            f"  {names.name(account, fund)}  {_amount(amount)} {CURRENCY}"
            for _, account, fund, amount in entry["legs"]
        ]
    lines.append("")
    for one in balances:
        stands = f"{_amount(one['balance_minor'])} ~ 0.00 {CURRENCY}"
        lines.append(f"{last} balance {names.name(one['account'], one['fund'])}  {stands}")
    return "\n".join([*lines, ""])


def hledger(books: BooksOfAMoment) -> str:
    """The journal for hledger."""
    names, entries, balances = _parts(books)
    _, last = _days(entries)
    lines = ["decimal-mark .", f"commodity {CURRENCY} 1000.00", ""]
    lines += [f"account {names.name(one['account'], one['fund'])}" for one in balances]
    for entry in entries:
        about = ", ".join(f"{name}:{value}" for name, value in _about(entry))
        lines += ["", f"{entry['posted_on']} * ({entry['ref']}) {entry['kind']}  ; {about}"]
        lines += [
            f"    {names.name(account, fund)}  {CURRENCY} {_amount(amount)}"
            for _, account, fund, amount in entry["legs"]
        ]
    lines += ["", f"{last} * balances as the books keep them"]
    lines += [
        f"    {names.name(one['account'], one['fund'])}  {CURRENCY} 0.00"
        f" = {CURRENCY} {_amount(one['balance_minor'])}"
        for one in balances
    ]
    return "\n".join([*lines, ""])


def _parts(books: BooksOfAMoment) -> tuple[Names, list[Row], list[Row]]:
    entries = sorted(books.parts["entries"], key=lambda one: (one["posted_on"], one["id"]))
    return Names.of(books), entries, books.parts["balances"]


def _days(entries: list[Row]) -> tuple[str, str]:
    if not entries:
        return "2000-01-01", "2000-01-01"
    last = date.fromisoformat(entries[-1]["posted_on"]) + timedelta(days=1)
    return entries[0]["posted_on"], last.isoformat()


def _about(entry: Row) -> Iterator[tuple[str, object]]:
    yield "entry", entry["id"]
    if entry["happened_on"] != entry["posted_on"]:
        yield "happened", entry["happened_on"]
    if entry["reverses_id"] is not None:
        yield "reverses", entry["reverses_id"]
    if entry["seal"] is not None:
        yield "seal", entry["seal"]


def _amount(amount_minor: int) -> str:
    major, minor = divmod(abs(amount_minor), MINOR_PER_MAJOR)
    return f"{'-' if amount_minor < 0 else ''}{major}.{minor:02d}"


def _slug(*words: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", " ".join(words)).strip("-")
