"""The scan of the pages fails whenever nobody looked, and says what is to be done."""

from __future__ import annotations

import contextlib
import importlib
import json
import stat
import sys
from pathlib import Path

import pytest

CLONE = Path(__file__).resolve().parents[2]
FOUND = {"path": "/members/0a1b2c3d4e5f?page=7", "parameter": "words", "info": "x"}
FAULT = {"event": "page_failed", "level": "error", "endpoint": "members.find", "code": "KeyError"}


@pytest.fixture
def scan(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(CLONE / ".ci")
    module = importlib.import_module("scan")
    log = tmp_path / "union.log"
    log.write_text('{"event": "started", "level": "info"}\n')
    monkeypatch.setattr(module, "ACCOUNTS", tmp_path / "scanned")
    monkeypatch.setattr(module, "ANSWERED", tmp_path / "answered.toml")
    monkeypatch.setattr(
        module, "demonstration", lambda: contextlib.nullcontext(("http://127.0.0.1:9", log))
    )
    monkeypatch.setattr(module, "sign_in", lambda *_given: {"session": "hers"})
    monkeypatch.setattr(module, "still_open", lambda *_given: True)
    yield module
    for name in ("scan", "scan_door", "scan_findings"):
        del sys.modules[name]


@pytest.fixture
def asked(scan, tmp_path, monkeypatch):
    """A function: what a pretended scanner writes in, as this one; how the gate ends out."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def ask(told: object, answered: str = "", roles: tuple[str, ...] = ()) -> int:
        said = told if isinstance(told, str) else json.dumps(told)
        fake = tmp_path / "wapiti"
        fake.write_text(
            f"#!{sys.executable} -IS\nimport sys\n"
            f"open(sys.argv[sys.argv.index('-o') + 1], 'w').write({said!r})\n"
        )
        fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
        scan.ANSWERED.write_text(answered)
        return scan.main(9, roles)

    return ask


@pytest.fixture
def one_request(scan, monkeypatch):
    """As if every walk had asked for one page, which the pretended scanner does not."""
    monkeypatch.setattr(sys.modules["scan_door"], "Told", lambda: scan.Told(requests=1))


def account(pages: int = 40, **found: list[dict[str, str]]) -> dict[str, object]:
    infos = {"crawled_pages_nbr": pages, "version": "Wapiti 3.2.3"}
    return {"infos": infos, "vulnerabilities": found, "anomalies": {}, "additionals": {}}


def answer(
    path: str = "/members/*", why: str = "it is looked for by POST alone", field: str = "words"
) -> str:
    return f'[[answered]]\nkind = "Odd"\npath = "{path}"\nparameter = "{field}"\nwhy = "{why}"\n'


def test_each_office_and_nobody_walks_and_nothing_is_found(asked, scan, one_request, capsys):
    assert asked(account(Odd=[])) == 0
    said = capsys.readouterr().out
    assert all(f"{role}: 40 addresses, 1 requests" in said for role in scan.ROLES)
    assert {"member", "trustee", "lawyer", "administrator", "nobody"} <= set(scan.ROLES)
    assert "trustee2" not in scan.ROLES


def test_a_finding_that_nobody_answered_fails_and_is_named_without_what_differs(
    asked, one_request, capsys
):
    assert asked(account(Odd=[FOUND, FOUND]), roles=("member",)) == 1
    assert capsys.readouterr().err == "Odd: /members/* words: nobody has answered it.\n"


@pytest.mark.parametrize("said", [answer(), answer("*"), answer(field="*")])
def test_an_answer_holds_for_its_place_or_for_every_one(asked, one_request, said):
    assert asked(account(Odd=[FOUND]), said, ("member",)) == 0


@pytest.mark.parametrize(
    "said",
    [
        answer("/other"),
        answer(why=""),
        answer(field=""),
        answer("*").replace("Odd", "O"),
    ],
)
def test_an_answer_to_something_else_or_without_a_why_is_none(asked, one_request, said):
    assert asked(account(Odd=[FOUND]), said, ("member",)) == 1


def test_no_answer_holds_for_every_field_of_every_page(asked, one_request, capsys):
    assert asked(account(Odd=[FOUND]), answer("*", field="*"), ("member",)) == 2
    assert "answers Odd wherever it is found" in capsys.readouterr().err


def test_of_paths_answered_together_one_is_enough(asked, one_request, capsys):
    said = answer().replace('"/members/*"', '["/members/*", "/other"]')
    assert asked(account(Odd=[FOUND]), said) == 0
    assert asked(account(), said) == 1
    assert asked(account(Odd=[FOUND | {"path": "/third"}]), said, ("member",)) == 1
    assert "Odd: /third words: nobody has answered it." in capsys.readouterr().err


def test_an_answer_goes_with_its_finding_once_all_have_walked(asked, one_request, capsys):
    assert asked(account(), answer(), ("member",)) == 0
    assert asked(account(), answer()) == 1
    assert "found no more" in capsys.readouterr().err


@pytest.mark.parametrize("said", ["", "not json", account(pages=2)])
def test_a_walk_that_gave_no_account_is_no_scan(asked, one_request, said, capsys):
    assert asked(said, roles=("member",)) == 2
    assert "could not be scanned: as member" in capsys.readouterr().err


def test_a_scanner_that_fell_by_itself_is_sent_once_more(asked, scan, one_request, monkeypatch):
    fell, whole = [], scan.ask

    def ask(*given):
        if not fell:
            fell.append(given)
            raise scan.NoAccountError("database is locked")
        return whole(*given)

    monkeypatch.setattr(scan, "ask", ask)
    assert asked(account(), roles=("member",)) == 0
    assert fell


def test_a_walk_that_asked_for_nothing_is_none(asked):
    assert asked(account(), roles=("member",)) == 2


def test_a_walk_whose_sign_in_ended_is_none(asked, scan, one_request, monkeypatch, capsys):
    monkeypatch.setattr(scan, "still_open", lambda *_given: False)
    assert asked(account(), roles=("member",)) == 2
    assert "the sign-in ended before the walk did" in capsys.readouterr().err


def test_without_the_scanner_nothing_is_called_clean(scan, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    scan.ANSWERED.write_text("")
    assert scan.main(9, ("member",)) == 2
    assert "wapiti is not here" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (json.dumps(FAULT), "Noted: page_failed: members.find KeyError: nobody has answered it."),
        ("Traceback (most recent call last):", "Noted: Traceback (most recent call last):"),
        ("[2026-11-23 01:00:00 +0000] [77] [CRITICAL] WORKER TIMEOUT", "[CRITICAL] WORKER TIMEOUT"),
    ],
)
def test_what_the_server_noted_as_a_fault_is_a_finding(
    asked, one_request, tmp_path, capsys, line, said
):
    with (tmp_path / "union.log").open("a") as log:
        log.write(f"{line}\n")
    assert asked(account(), roles=("member",)) == 1
    assert said in capsys.readouterr().err


def test_the_answers_that_are_kept_can_be_read_and_are_told_in_the_docs(scan):
    told = (CLONE / "docs" / "security.md").read_text()
    for finding, why in scan.read_answers(CLONE / ".ci" / "scan-answered.toml").items():
        assert why
        assert finding.kind in told, finding


def test_no_library_here_asks_a_directory():
    """Therefore the scanner's module for LDAP is left out."""
    locked = (CLONE / "requirements.txt").read_text().casefold()
    assert "flask==" in locked
    assert "ldap" not in locked
