from __future__ import annotations

import contextlib
import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from tests.builders.ledger import make_books, make_receipt
from union.cli import books
from union.kernel.actor import Actor


@pytest.fixture
def command(unit, monkeypatch):
    with unit.begin(Actor.system("test")) as work:
        make_books(work)
        make_receipt(work, 1_050)
        make_receipt(work, 2_000)

    @contextlib.contextmanager
    def running():
        yield SimpleNamespace(unit=unit)

    monkeypatch.setattr(books, "running_house", running)

    def run(*words):
        result = CliRunner().invoke(books.books, [*words, "--json"])
        return result.exit_code, json.loads(result.stdout.splitlines()[-1])

    return run


def test_the_balance_is_printed(command):
    assert command("balance") == (
        0,
        {
            "as_on": "2026-10-16",
            "debit_minor": 3_050,
            "credit_minor": 3_050,
            "difference_minor": 0,
        },
    )
    assert command("balance", "--on", "2026-10-01")[1]["debit_minor"] == 0


def test_what_was_posted_is_sealed_once_and_verifies(command):
    code, sealed = command("seal")
    assert (code, sealed["entries"], sealed["seals"]) == (0, 2, 1)
    assert command("seal") == (0, {"entries": 0, "seals": 0, "head": sealed["head"]})
    assert command("verify") == (0, {"broken": 0, "heads": 0, "unsealed": 0})
