"""The machine's keys in their file: read in both forms, changed whole or not at all."""

from __future__ import annotations

import base64
import json
import os
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag

from union.infra import machine_keys
from union.infra.machine_keys import (
    KeyRing,
    MachineKeyMissingError,
    MachineKeys,
    add_key,
    drop_older_keys,
    use_newest_key,
)
from union.infra.settings import Secrets

KEY = os.urandom(32)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "secrets.json"
    Secrets.from_file_or_new(path)
    return path


def versions(keys: MachineKeys) -> list[int]:
    return [version for version, _ in keys.held]


def test_the_first_form_is_version_one():
    keys = MachineKeys.of({"machine_key": base64.b64encode(KEY).decode()})
    assert (keys.current, keys.held) == (1, ((1, KEY),))
    assert MachineKeys.of(keys.said()) == keys == MachineKeys.only(KEY)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"machine_keys": {"1": base64.b64encode(KEY).decode()}, "machine_key_current": 2},
        {"machine_key": base64.b64encode(KEY[:31]).decode()},
        {"machine_key": "%%%"},
        {"machine_keys": {"one": base64.b64encode(KEY).decode()}},
    ],
)
def test_what_is_no_key_is_refused(said):
    with pytest.raises((KeyError, ValueError)):
        MachineKeys.of(said)


def test_a_key_shows_in_no_print():
    assert KEY.hex() not in repr(MachineKeys.only(KEY))
    assert repr(KEY) not in repr(MachineKeys.only(KEY))


def test_each_step_changes_the_keys_and_nothing_else(file):
    before = json.loads(file.read_text())
    assert (versions(add_key(file)), versions(add_key(file))) == ([1, 2], [1, 2])
    assert MachineKeys.read(file).current == 1
    assert use_newest_key(file).current == 2
    assert versions(drop_older_keys(file)) == [2]
    after = json.loads(file.read_text())
    for name in ("index_key", "web_key", "signing_key"):
        assert after[name] == before[name]
    assert "machine_key" not in after
    assert Secrets.from_file(file).machine_keys == MachineKeys.read(file)
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    assert file.stat().st_mode & 0o077 == 0


def test_what_lies_under_a_version_opens_with_that_one(file):
    ring = KeyRing(MachineKeys.read(file))
    ref, key = uuid4(), os.urandom(32)
    version, wrapped = ring.wrap(ref, key)
    assert version == 1
    assert ring.unwrap(ref, 1, wrapped) == key
    with pytest.raises(MachineKeyMissingError):
        ring.unwrap(ref, 2, wrapped)
    add_key(file)
    with pytest.raises(InvalidTag):
        ring.unwrap(ref, 2, wrapped)
    with pytest.raises(InvalidTag):
        ring.unwrap(uuid4(), 1, wrapped)


def test_a_process_hears_of_a_new_file_and_forgets_the_old(file, monkeypatch):
    monkeypatch.setattr(machine_keys, "LOOK_AGAIN_SECONDS", 0.0)
    ring = KeyRing(MachineKeys.read(file))
    ref, key = uuid4(), os.urandom(32)
    _, under_first = ring.wrap(ref, key)
    add_key(file)
    use_newest_key(file)
    assert ring.wrap(ref, key)[0] == 2
    assert ring.unwrap(ref, 1, under_first) == key
    drop_older_keys(file)
    with pytest.raises(MachineKeyMissingError):
        ring.unwrap(ref, 1, under_first)


def test_a_file_that_cannot_be_read_stops_nobody(file, monkeypatch):
    monkeypatch.setattr(machine_keys, "LOOK_AGAIN_SECONDS", 0.0)
    ring = KeyRing(MachineKeys.read(file))
    ref, key = uuid4(), os.urandom(32)
    version, wrapped = ring.wrap(ref, key)
    whole = file.read_text()
    file.write_text(whole[:40])
    assert ring.unwrap(ref, version, wrapped) == key
    file.unlink()
    assert ring.unwrap(ref, version, wrapped) == key
    file.write_text(whole)
    assert ring.unwrap(ref, version, wrapped) == key


def test_a_power_cut_leaves_the_old_file_or_the_new(file, monkeypatch):
    """Killed before the renaming, the file is the old one, and the next call writes it anew."""
    before = file.read_text()
    monkeypatch.setattr(machine_keys.Path, "replace", _power_cut)
    with pytest.raises(InterruptedError):
        add_key(file)
    assert file.read_text() == before
    monkeypatch.undo()
    assert versions(add_key(file)) == [1, 2]


def _power_cut(*_):
    raise InterruptedError
