"""``union bank import`` over the unit of work of a test."""

from __future__ import annotations

import contextlib
import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from tests.builders.bank import make_csv
from union.cli import bank


@pytest.fixture
def run(unit, monkeypatch, tmp_path):
    """A function: a file's content in, the command's result out."""

    @contextlib.contextmanager
    def house():
        yield SimpleNamespace(unit=unit)

    monkeypatch.setattr(bank, "running_house", house)

    def call(content: bytes):
        file = tmp_path / "statement"
        file.write_bytes(content)
        return CliRunner().invoke(bank.bank, ["import", str(file), "--json"])

    return call


def test_a_statement_comes_in_once_and_its_sums_are_told(run):
    content = make_csv(("05/10/2026", "UPI/CR/1/fee", 4000), ("06/10/2026", "SMS CHARGES", -590))
    sums = json.loads(run(content).stdout.splitlines()[-1])
    assert sums == {
        "lines": 2,
        "fresh": 2,
        "before": 0,
        "repeated": 0,
        "booked": 1,
        "proposed": 0,
        "unmatched": 1,
    }
    again = json.loads(run(content).stdout.splitlines()[-1])
    assert (again["fresh"], again["before"], again["booked"]) == (0, 2, 0)


def test_what_cannot_be_read_is_said_in_one_sentence(run):
    result = run(b"\x89PNG\r\n\x1a\n\0\0")
    assert result.exit_code == 1
    assert "no statement we can read" in result.stderr
