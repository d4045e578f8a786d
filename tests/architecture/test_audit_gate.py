"""The audit of the libraries fails whenever nobody was asked, and says what is to be done."""

from __future__ import annotations

import importlib.util
import json
import os
import stat
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

CLONE = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 22)
LOCK = """\
alpha==1.2 \\
    --hash=sha256:00
beta.two==2.0 ; python_full_version >= '3.9' \\
    --hash=sha256:00
only-elsewhere==3 ; sys_platform == 'win32' \\
    --hash=sha256:00
"""
SOUND = [{"name": "alpha", "version": "1.2", "vulns": []}, {"name": "Beta_Two", "vulns": []}]


@pytest.fixture(scope="module")
def audit():
    spec = importlib.util.spec_from_file_location("audit_gate", CLONE / ".ci" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture
def asked(audit, tmp_path, monkeypatch):
    """A function: what a pretended pip-audit writes and how it ends in; what the gate says out."""
    lock, borne = tmp_path / "lock.txt", tmp_path / "allowed.toml"
    lock.write_text(LOCK)
    borne.write_text("")
    monkeypatch.setenv("PATH", str(tmp_path))

    def ask(account: object, ends: int = 0, allowed: str = "", more: str = "") -> int:
        borne.write_text(allowed)
        said = account if isinstance(account, str) else json.dumps({"dependencies": account})
        fake = tmp_path / "pip-audit"
        fake.write_text(
            f"#!{sys.executable}\nimport pathlib, sys, time\n{more}\n"
            f"pathlib.Path(sys.argv[-1]).write_text({said!r})\nsys.exit({ends})\n"
        )
        fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
        return audit.main([str(lock)], borne, TODAY)

    return ask


def known(advisory: str = "PYSEC-1") -> list[dict[str, object]]:
    return [{**SOUND[0], "vulns": [{"id": advisory}]}, SOUND[1]]


def borne(until: date, why: str = "it does not reach us") -> str:
    return f'[[allowed]]\nid = "PYSEC-1"\npackage = "Alpha"\nwhy = "{why}"\nuntil = {until}\n'


def test_all_asked_about_and_nothing_known(asked, capsys):
    assert asked(SOUND) == 0
    assert "Nothing is known" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("account", "ends", "more"),
    [
        ("", 0, ""),
        ("{}", 0, ""),
        ("[]", 0, ""),
        ("no account", 0, ""),
        ([], 0, ""),
        (SOUND[:1], 0, ""),
        ([SOUND[0], {"name": "beta-two", "skip_reason": "not found"}], 0, ""),
        (SOUND, 2, "sys.stderr.write('nobody answered\\n')"),
        (SOUND, 0, "sys.exit(0)"),
    ],
    ids=["silent", "empty", "list", "text", "none", "half", "skipped", "failed", "wrote nothing"],
)
def test_an_audit_that_asked_nobody_fails_and_says_so(asked, capsys, account, ends, more):
    assert asked(account, ends, more=more) == 2
    assert "could not be audited" in capsys.readouterr().err


def test_what_it_says_when_it_gives_up_is_passed_on(asked, capsys):
    gave_up = "sys.stderr.write('flask: not found on PyPI\\n'); sys.exit(1)"
    assert asked(SOUND, more=gave_up) == 2
    assert "flask: not found on PyPI" in capsys.readouterr().err


def test_one_that_hangs_is_no_answer(asked, audit, monkeypatch, capsys):
    monkeypatch.setattr(audit, "SECONDS", 0.2)
    assert asked(SOUND, more="time.sleep(20)") == 2
    assert "TimeoutExpired" in capsys.readouterr().err


def test_none_to_be_found_is_no_answer(audit, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", os.devnull)
    lock = tmp_path / "lock.txt"
    lock.write_text(LOCK)
    assert audit.main([str(lock)], CLONE / ".ci" / "audit-allowed.toml", TODAY) == 2
    assert "could not be audited" in capsys.readouterr().err


def test_what_is_known_must_be_answered(asked, capsys):
    assert asked(known(), 1) == 1
    assert "alpha: PYSEC-1 is known" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("allowed", "said"),
    [
        (borne(TODAY - timedelta(days=1)), "borne until"),
        (borne(TODAY, why=" "), "nobody says why"),
    ],
)
def test_what_is_borne_is_borne_for_a_reason_and_a_while(asked, capsys, allowed, said):
    assert asked(known(), 1, allowed=borne(TODAY)) == 0
    assert asked(known(), 1, allowed=allowed) == 1
    assert said in capsys.readouterr().err


def test_what_is_gone_is_borne_no_longer(asked, capsys):
    assert asked(SOUND, allowed=borne(TODAY)) == 1
    assert "no longer known" in capsys.readouterr().err


def test_an_entry_that_does_not_say_all_is_none(asked, capsys):
    assert asked(known(), 1, allowed='[[allowed]]\nid = "PYSEC-1"\n') == 2
    assert "cannot be read" in capsys.readouterr().err


def test_every_name_of_our_own_locks_is_read(audit):
    for lock in ("requirements.txt", "requirements-dev.txt"):
        names = audit.pinned(CLONE / lock)
        assert {"flask", "cryptography", "psycopg-binary"} <= names
        assert len(names) > 50
