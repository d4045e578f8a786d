"""An export that left the house is checked by the verifier alone; whatever was changed is told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.builders.exports import rewrite, seal_and_sign, verify, write_export
from tests.builders.ledger import make_books, make_receipt, make_voucher
from union.infra.signing import fingerprint
from union.ledger.queries import chain_end
from union.ledger.rules import AccountCode, EntryKind, NewEntry, Source, credit, debit
from union.ledger.rules.seals import SealedEntry, SealedLeg, entry_hash, seal_hash
from union.ledger.services import post_entry, reverse_entry


@pytest.fixture
def export(work, clock, tmp_path):
    """Three days of books, sealed and signed each, and one entry not sealed yet."""
    make_books(work)
    for day in range(3):
        make_receipt(work, 123_45 + day)
        taken_back = make_receipt(work, 700, fund="welfare", happened_on=date(2026, 10, 2))
        if day == 1:
            reverse_entry(work, taken_back.id)
        seal_and_sign(work)
        clock.advance(timedelta(days=1))
    make_receipt(work, 99)
    return write_export(work, tmp_path / "books.zip")


def change_entry(number, **fields):
    def change(rows):
        return [{**row, **(fields if at == number else {})} for at, row in enumerate(rows)]

    return change


def test_a_whole_export_is_well_and_says_what_was_looked_at(export, work):
    said = verify(export)
    assert (said.returncode, said.stderr) == (0, "")
    end = chain_end(work.session)
    assert "8 entries, 7 of them under 3 seals." in said.stdout
    assert f"The chain ends in {end.figures}." in said.stdout
    assert f"3 heads signed by key {end.key_print}." in said.stdout
    assert "Fund welfare: debit 14.00, credit 14.00." in said.stdout
    assert said.stdout.endswith("All is well.\n")


def test_the_head_printed_on_a_report_is_found_and_a_strange_one_is_not(export, work):
    end = chain_end(work.session)
    assert verify(export, "--head", end.short, "--key", end.key_print).returncode == 0
    strange = verify(export, "--head", "dead beef dead beef")
    assert strange.returncode == 1
    assert "these are not the books it closed" in strange.stdout
    other = verify(export, "--key", fingerprint(bytes(32)))
    assert other.stdout.count("was signed by another key") == 3


@pytest.mark.parametrize(
    ("part", "change", "told"),
    [
        ("entries", change_entry(0, kind="charge"), "Entry {first} (.*) was changed after seal"),
        ("entries", change_entry(0, posted_by=7), "was changed after seal"),
        ("entries", lambda rows: rows[1:], "Entry {first}, sealed by seal .*, was taken away"),
        ("entries", lambda rows: [*rows, rows[0]], "1 entries carry a number that another has"),
        ("entries", change_entry(7, legs=[[1, "1110", "general", 99]]), "has no two sides"),
        (
            "entries",
            change_entry(7, legs=[[1, "1110", "general", 99], [2, "4110", "welfare", -99]]),
            "does not balance in fund general: 99 paise over",
        ),
        (
            "entries",
            change_entry(7, posted_at="2026-10-16T00:00:00.000000+00:00"),
            "claims to be older than a seal that does not cover it",
        ),
        ("seals", lambda rows: rows[:-1], "head signed on 2026-10-18 is not in this chain"),
        ("seals", change_entry(0, hash="00" * 32), "Seal .* is broken"),
        ("seals", change_entry(1, previous=None), "does not stand on seal"),
        ("seals", lambda rows: [rows[0], *rows[1:]][1:], "Seal .* is broken"),
        ("heads", change_entry(1, said_on="2026-10-20"), "is not signed by the key it names"),
        ("heads", lambda rows: rows[1:], "does not follow the one before it"),
        ("heads", change_entry(0, public_key="01" + "00" * 31), "is not signed by the key"),
        (
            "balances",
            change_entry(0, balance_minor=1),
            "is kept as 1 paise, but its entries make",
        ),
    ],
)
def test_what_was_changed_is_told_with_its_place(export, work, part, change, told):
    first = min(row["id"] for row in _rows(export, "entries"))
    said = verify(rewrite(export, part, change))
    assert said.returncode == 1
    assert _matches(told.format(first=first), said.stdout), said.stdout
    assert "WRONG in" in said.stdout.splitlines()[-1]


def test_a_forger_who_lays_every_seal_anew_is_told_by_the_signatures(export):
    rows = {}
    entries = rewrite(export, "entries", lambda old: rows.setdefault("entries", _double(old)))
    seals = rewrite(entries, "seals", lambda old: _laid_anew(old, rows["entries"]))
    forged = rewrite(seals, "balances", lambda old: _added_up(rows["entries"]))
    said = verify(forged)
    assert said.returncode == 1
    assert "was changed" not in said.stdout
    assert said.stdout.count("is not in this chain") == 3
    newest = rewrite(forged, "heads", lambda _: [])
    assert "No head is signed" in verify(newest).stdout


def test_an_entry_put_into_a_closed_month_is_told(work, clock, tmp_path):
    make_books(work)
    make_receipt(work, happened_on=date(2026, 10, 5))
    seal_and_sign(work)
    path = write_export(work, tmp_path / "books.zip")
    closed = rewrite(path, "heads", change_entry(0, closed_to="2026-10-01"))
    late = [{**row, "id": 999, "ref": "late"} for row in _rows(path, "entries")]
    forged = rewrite(closed, "entries", lambda rows: [*rows, *late])
    assert "was put into 2026-10 after that month was closed" in verify(forged).stdout


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_export_is_said_in_words(tmp_path, content):
    path = tmp_path / "file.zip"
    path.write_bytes(content)
    said = verify(path)
    assert said.returncode == 2
    assert "cannot be read as an export" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_payment_is_sealed_with_what_was_approved(work, tmp_path):
    make_books(work)
    make_voucher(work)
    post_entry(
        work,
        NewEntry(
            EntryKind.ADJUSTMENT,
            work.clock.today(),
            Source("test", 1),
            (debit(AccountCode.RENT, 5), credit(AccountCode.PAYABLES, 5)),
        ),
    )
    seal_and_sign(work)
    assert verify(write_export(work, tmp_path / "books.zip")).returncode == 0


def _rows(path, part):
    held = []
    rewrite(path, part, lambda rows: held.extend(rows) or rows)
    return held


def _matches(pattern, text):
    return re.search(pattern, text)


def _double(rows):
    first = rows[0]
    legs = [[at, account, fund, amount * 2] for at, account, fund, amount in first["legs"]]
    return [{**first, "legs": legs}, *rows[1:]]


def _hash(row):
    day, instant = date.fromisoformat, datetime.fromisoformat
    entry = SealedEntry(
        id=row["id"],
        ref=row["ref"],
        kind=row["kind"],
        happened_on=day(row["happened_on"]),
        posted_on=day(row["posted_on"]),
        posted_at=instant(row["posted_at"]),
        posted_by=row["posted_by"],
        source_kind=row["source_kind"],
        source_id=row["source_id"],
        reverses_id=row["reverses_id"],
        voucher_hash=None,
        legs=(),
    )
    return entry_hash(replace(entry, legs=[SealedLeg(*leg) for leg in row["legs"]]))


def _laid_anew(seals, entries):
    hashes = {row["id"]: _hash(row) for row in entries}
    before, made = bytes(32), []
    for seal in seals:
        covers = [(number, hashes[number]) for number, _ in seal["covers"]]
        before = seal_hash(before, covers)
        made.append(
            {
                **seal,
                "hash": before.hex(),
                "covers": [[number, figures.hex()] for number, figures in covers],
            }
        )
    return made


def _added_up(entries):
    sums = {}
    for entry in entries:
        for _, account, fund, amount in entry["legs"]:
            sums[account, fund] = sums.get((account, fund), 0) + amount
    return [
        {"account": account, "fund": fund, "balance_minor": amount}
        for (account, fund), amount in sums.items()
    ]
