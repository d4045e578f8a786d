"""A certificate of erasure: codes only, and a program that needs nothing of ours to check it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from union.infra.signing import Signer, fingerprint
from union.office.erasing.rules import FIRST, Certified, key_mark, may_begin
from union.office.models import ErasureCertificate

STATIC = Path(__file__).parents[3] / "static"
AT = datetime(2026, 10, 20, 6, 30, tzinfo=UTC)
REF = UUID(int=7)
SIGNER = Signer(bytes(range(32)))

FIRST_ONE = Certified(
    number=1,
    previous_hash=FIRST,
    order_ref="abcDEF123456",
    asked_at=AT - timedelta(days=4),
    asked_how="herself",
    told_at=AT - timedelta(days=3),
    made_at=AT,
    keys={REF: AT - timedelta(minutes=1), UUID(int=8): AT - timedelta(minutes=2)},
    stays={"money_rows": 3},
)


def signed(certified: Certified, signer: Signer = SIGNER) -> ErasureCertificate:
    signature = signer.sign(certified.said.encode())
    return ErasureCertificate(
        number=certified.number,
        said=certified.said,
        public_key=signature.public_key,
        signature=signature.value,
    )


def second() -> Certified:
    hashed = hashlib.sha256(FIRST_ONE.said.encode()).digest()
    return replace(FIRST_ONE, number=2, previous_hash=hashed, made_at=AT + timedelta(days=1))


@pytest.fixture
def verify(tmp_path):
    def asked(*texts: str, more: tuple[str, ...] = ()) -> tuple[int, str]:
        files = [tmp_path / f"{number}.txt" for number in range(len(texts))]
        for file, said in zip(files, texts, strict=True):
            file.write_text(said)
        program = [sys.executable, "-I", "-S", str(STATIC / "verify_certificate.py")]
        ended = subprocess.run(
            [*program, *map(str, files), *more], capture_output=True, text=True, check=False
        )
        return ended.returncode, ended.stdout + ended.stderr

    return asked


def test_two_that_follow_are_well(verify):
    pair = signed(FIRST_ONE).as_file, signed(second()).as_file
    key = fingerprint(SIGNER.public_key)
    code, said = verify(*pair, more=("--key", key, "--ref", str(REF)))
    assert code == 0, said
    assert "2 keys destroyed, in no backup after 2026-11-24" in said
    assert verify(pair[0], more=("--ref", str(UUID(int=9))))[0] == 1


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ((signed(FIRST_ONE).as_file.replace("keys 2", "keys 1"),), "not as it was signed"),
        ((signed(replace(FIRST_ONE, previous_hash=b"1" * 32)).as_file,), "something before it"),
        (
            (signed(FIRST_ONE).as_file, signed(replace(second(), previous_hash=FIRST)).as_file),
            "does not stand on 1",
        ),
        (
            (
                signed(FIRST_ONE).as_file,
                signed(replace(second(), made_at=AT - timedelta(seconds=1))).as_file,
            ),
            "dated before 1",
        ),
        (
            (signed(FIRST_ONE).as_file, signed(replace(FIRST_ONE, order_ref="other")).as_file),
            "Two certificates are called 1",
        ),
        (
            (signed(replace(FIRST_ONE, made_at=AT - timedelta(hours=1))).as_file,),
            "before a key was destroyed",
        ),
    ],
)
def test_what_is_wrong_is_said(verify, files, found):
    code, said = verify(*files)
    assert (code, found in said) == (1, True), said


def test_another_key_and_another_file_are_told(verify):
    other = signed(FIRST_ONE, Signer(bytes(range(1, 33)))).as_file
    code, said = verify(other, more=("--key", fingerprint(SIGNER.public_key)))
    assert (code, "signed by another key" in said) == (1, True)
    assert verify("hello\n")[0] == 2


def test_any_of_the_keys_that_were_noted_may_have_signed(verify):
    keys = [fingerprint(one.public_key) for one in (Signer(bytes(range(1, 33))), SIGNER)]
    more = tuple(part for key in keys for part in ("--key", key))
    assert verify(signed(FIRST_ONE).as_file, more=more)[0] == 0


def test_it_holds_codes_only():
    said = FIRST_ONE.said
    assert str(REF) not in said
    assert f"key {key_mark(REF)} " in said
    assert said.count("\n") == len(said.splitlines())
    words = {line.split(" ")[0] for line in said.splitlines()}
    assert words == {
        *("sangha-certificate-1", "number", "previous", "order", "asked", "told", "made"),
        *("keys", "key", "gone_from_backups_by", "stays"),
    }


def test_curve_and_succession_are_written_once():
    def block(path: Path) -> str:
        _, opened, rest = path.read_text().partition("# The four verifiers are alike from here")
        shared, closed, _ = rest.partition("# The four verifiers are alike up to here.\n")
        assert opened
        assert closed
        return shared

    blocks = [block(path) for path in STATIC.glob("verify_*.py")]
    assert len(blocks) == 4
    assert len(set(blocks)) == 1
    assert "def is_signed" in blocks[0]
    assert "class Succession" in blocks[0]


def test_nothing_begins_early_or_while_anything_is_open():
    assert may_begin([], AT, AT)
    assert not may_begin([], AT, AT - timedelta(microseconds=1))
    assert not may_begin(["call"], AT, AT)
    assert not may_begin([], None, AT)
