"""The union's key to sign with, and the file it lies in."""

from __future__ import annotations

import base64
import json

import pytest

from union.infra.settings import Secrets, SettingUnreadableError
from union.infra.signing import Signature, Signer, SigningKeyMissingError, fingerprint, is_signed

KEY = bytes(range(32))


def test_what_is_signed_holds_and_nothing_else_does():
    signed = Signer(KEY).sign(b"the head of today")
    assert is_signed(b"the head of today", signed)
    assert not is_signed(b"the head of tomorrow", signed)
    other = Signer(bytes(32)).public_key
    assert not is_signed(b"the head of today", Signature(other, signed.value))
    assert not is_signed(b"", Signature(b"no key", b"no signature"))


def test_without_a_key_nobody_signs():
    with pytest.raises(SigningKeyMissingError):
        Signer(b"")


def test_a_fingerprint_is_read_in_fours():
    parts = fingerprint(Signer(KEY).public_key).split()
    assert [len(part) for part in parts] == [4] * 8
    assert fingerprint(Signer(bytes(32)).public_key).split() != parts


def test_an_older_secrets_file_is_given_a_key_and_loses_none(tmp_path):
    path = tmp_path / "secrets.json"
    first = Secrets.from_file_or_new(path)
    held = json.loads(path.read_text())
    del held["signing_key"]
    path.write_text(json.dumps(held))
    assert Secrets.from_file(path).signing_key == b""
    again = Secrets.from_file_or_new(path)
    assert len(again.signing_key) == 32
    assert (again.machine_keys, again.index_key) == (first.machine_keys, first.index_key)
    assert Secrets.from_file_or_new(path) == again
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir()] == ["secrets.json"]


def test_a_damaged_file_is_said_to_be_so(tmp_path):
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps({"signing_key": base64.b64encode(KEY).decode()}))
    path.chmod(0o600)
    with pytest.raises(SettingUnreadableError):
        Secrets.from_file(path)
