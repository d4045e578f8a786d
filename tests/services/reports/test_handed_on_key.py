"""The signing key is handed on: what was signed stays true, and who noted the old one follows."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders.exports import rewrite, seal_and_sign, verify, write_export
from tests.builders.ledger import acting_as, make_books, make_receipt
from tests.builders.members import make_member
from tests.builders.readings import WHY
from union.cli.check import find_false_heads, find_false_reading_heads
from union.infra.people import Person
from union.infra.reading_seals import lay_seal, newest_heads, say_head
from union.infra.readings import Reading, write_down
from union.infra.settings import Secrets
from union.infra.signing import Signer, fingerprint
from union.infra.successions import SigningKeys, Succession, hand_on, succession_text
from union.kernel.actor import Actor, Grant, Role
from union.office.readings.exporting import export_readings

PROGRAM = Path(__file__).parents[3] / "static" / "verify_keys.py"
DAY = timedelta(days=1)


@pytest.fixture
def file(work, tmp_path):
    """The secrets file by which the union signs."""
    path = tmp_path / "secrets.json"
    Secrets.from_file_or_new(path)
    work.vault.signing = lambda: Secrets.from_file(path).signing
    return path


@pytest.fixture
def old(file) -> SigningKeys:
    """The key that a trustee noted first."""
    return Secrets.from_file(file).signing


@pytest.fixture
def export(work, clock, file, old, tmp_path):
    """Three days of books, the key handed on after the first."""
    make_books(work)
    for day in range(3):
        make_receipt(work, 100 + day)
        seal_and_sign(work)
        if day == 0:
            hand_on(file, clock.now())
        clock.advance(DAY)
    return write_export(work, tmp_path / "books.zip")


def follow(path: Path, key: str) -> tuple[int, str]:
    """Run the verifier alone: no packages, no environment, nothing of ours to import."""
    program = [sys.executable, "-I", "-S", str(PROGRAM), str(path), "--key", key]
    ended = subprocess.run(program, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout + ended.stderr


def noted(signing: SigningKeys) -> str:
    return fingerprint(signing.signer.public_key)


def test_from_the_key_she_noted_first_to_the_one_that_signs_now(export, old, file):
    new = Secrets.from_file(file).signing
    for key in (old, new):
        code, said = follow(export, noted(key))
        assert (code, said.splitlines()[-1]) == (0, "All is well.")
        assert f"Key {noted(old)} was handed on at 2026-" in said
        assert f"Key {noted(new)} signs now." in said
    assert f'--key "{noted(old)}" --key "{noted(new)}"' in said
    assert verify(export, "--key", noted(old), "--key", noted(new)).returncode == 0
    assert verify(export, "--key", noted(old)).stdout.count("by another key") == 2


def test_the_union_itself_finds_no_head_broken(work, export):
    assert find_false_heads(work) == {}


def test_a_head_that_the_old_key_signs_afterwards_is_told(work, export, old, clock, tmp_path):
    ours = work.vault.signing
    make_receipt(work, 7)
    work.vault.signing = lambda: old
    seal_and_sign(work)
    work.vault.signing = ours
    (rows,) = find_false_heads(work).values()
    assert len(rows) == 1
    assert "another_key" in rows[0]
    code, said = follow(write_export(work, tmp_path / "late.zip"), noted(old))
    assert (code, said.count("which was handed on before")) == (1, 1)


def test_of_a_day_the_old_key_signed_too_late_the_true_head_is_said_beside_it(
    work, export, old, clock
):
    ours = work.vault.signing
    work.vault.signing = lambda: old
    seal_and_sign(work)
    work.vault.signing = ours
    seal_and_sign(work)
    assert len(next(iter(find_false_heads(work).values()))) == 1


def stolen(old: SigningKeys, at) -> Succession:
    """The old key handed on by whoever stole it, to a key of his own."""
    thief = Signer(b"stranger" * 4)
    text = succession_text(old.signer.public_key, thief.public_key, at).encode()
    signed = (old.signer.sign(text).value, thief.sign(text).value)
    return Succession(old.signer.public_key, thief.public_key, at, *signed)


def test_a_key_handed_on_twice_is_told(export, old, clock):
    theft = stolen(old, clock.now()).said()
    code, said = follow(rewrite(export, "keys", lambda rows: [*rows, theft]), noted(old))
    assert (code, "was handed on twice" in said) == (1, True)
    assert "signs now" not in said.split("Name them so")[0].replace(f"Key {noted(old)} signs", "")


@pytest.mark.parametrize("name", ["by_old", "by_new", "made_at"])
def test_a_line_that_not_both_signed_is_none(export, old, name):
    def change(rows):
        other = {"by_old": "by_new", "by_new": "by_old"}.get(name)
        wrong = rows[0][other] if other else "2026-01-01T00:00:00.000000+00:00"
        return [{**rows[0], name: wrong}]

    code, said = follow(rewrite(export, "keys", change), noted(old))
    assert (code, "not both have signed" in said) == (1, True)
    assert said.count("names another key") == 2


def test_a_key_nobody_knows_and_a_file_that_is_none(export, tmp_path):
    code, said = follow(export, fingerprint(bytes(32)))
    assert (code, "is not in this file" in said) == (1, True)
    (tmp_path / "none.zip").write_text("hello")
    assert follow(tmp_path / "none.zip", "0")[0] == 2


def test_an_export_of_before_is_followed_too(export, old):
    def of_old(rows):
        return [row for row in rows if row["public_key"] == old.signer.public_key.hex()]

    alone = rewrite(rewrite(export, "keys", lambda _rows: []), "heads", of_old)
    assert follow(alone, noted(old))[0] == 0


def test_the_list_of_readings_goes_on_as_the_books_do(work, clock, file, old, tmp_path):
    her = work.session.get_one(Person, make_member(work).person_id)
    reader = Actor(make_member(work).person_id, None, frozenset({Grant(Role.PARALEGAL)}))
    for day in range(3):
        with acting_as(work, reader):
            write_down(work, Reading("opened_case", "legal_case", 7, her.id, WHY), her.key_ref)
        lay_seal(work)
        assert say_head(work, work.clock.today()) is say_head(work, work.clock.today())
        if day == 0:
            hand_on(file, clock.now())
            assert say_head(work, work.clock.today()).public_key == old.signer.public_key
        clock.advance(DAY)
    assert len({head.public_key for head in newest_heads(work.session, 3)}) == 2
    assert find_false_reading_heads(work) == {}
    copy = tmp_path / "copy.zip"
    with copy.open("wb") as opened:
        export_readings(work, opened)
    assert follow(copy, noted(old))[0] == 0
    assert json.loads(file.read_text())["successions"]
