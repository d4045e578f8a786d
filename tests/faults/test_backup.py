"""A backup shows nothing, is whole or none, and is made only where its keys would open it."""

from __future__ import annotations

import dataclasses
import json
import shutil
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests.faults import points
from tests.faults.saved import FOR
from union.infra import erasure_log
from union.infra.backups import read_manifest
from union.infra.db import owner_engine
from union.infra.key_rotation import turn
from union.infra.keystore import data_key
from union.infra.machine_keys import MachineKeys
from union.infra.settings import Secrets
from union.infra.signing import fingerprint


def test_a_backup_shows_nothing_and_leaves_nothing_behind(scene):
    for folder in ("main", "keys"):
        files = list((scene.folder / folder).iterdir())
        assert not [one for one in files if one.name.endswith((".part", ".new"))]
        for file in files:
            held = file.read_bytes()
            assert not any(b"Rani %d" % number in held for number in range(6))
            assert b"PGDMP" not in held
            assert file.stat().st_mode & 0o077 == 0
    assert not list((scene.folder / "main").glob("*keys.sealed"))
    assert not list((scene.folder / "keys").glob("*main.sealed"))
    manifest = read_manifest(scene.told["main"])
    assert manifest.main.as_of < manifest.keys.as_of
    assert manifest.main.counts["member"] >= 6


@pytest.mark.parametrize("nth", [1, 2])
def test_a_backup_that_is_killed_is_none_and_the_next_one_is(scene, tmp_path, nth):
    """In the middle of the union's dump, and of the keys'."""
    folders = [tmp_path / "main", tmp_path / "keys"]
    for folder in folders:
        folder.mkdir()
    command = ["backup", *map(str, folders), "--for", FOR, "--same-disk"]
    said = scene.call(command, f"union.infra.embedded.dumps:_refuse_failure before {nth}")
    assert points.KILLED in said, said
    assert list(tmp_path.glob("*/*.part"))
    assert not list(tmp_path.glob("*/*.manifest.json"))
    said = scene.call(command)
    assert not list(tmp_path.glob("*/*.part")), said
    assert len(list(tmp_path.glob("*/*.manifest.json"))) == 2


def test_nobody_backs_up_while_the_machines_key_changes(scene, tmp_path):
    """Or the secrets packed would not open the keys dumped."""
    engine = owner_engine(scene.endpoints.keystore_owner_url)
    with turn(engine):
        said = scene.call(["backup", str(tmp_path), str(tmp_path), "--for", FOR, "--same-disk"])
    engine.dispose()
    assert "RotationUnderWayError" in said
    assert not list(tmp_path.glob("*.json"))


def test_no_backup_is_made_whose_keys_would_not_open(scene, tmp_path):
    """A key lies under a version that the secrets file does not hold."""
    whole = scene.endpoints.secrets_file.read_bytes()
    keys = MachineKeys.read(scene.endpoints.secrets_file)
    newest = dataclasses.replace(keys, current=99, held=((99, bytes(range(32))),))
    scene.endpoints.secrets_file.write_text(json.dumps({**json.loads(whole), **newest.said()}))
    said = scene.call(["backup", str(tmp_path), str(tmp_path), "--for", FOR, "--same-disk"])
    scene.endpoints.secrets_file.write_bytes(whole)
    assert "not in the secrets file" in said, said
    assert not list(tmp_path.glob("*.json"))


def test_a_stolen_key_that_was_handed_on_puts_nobody_living_on_the_list(scene, tmp_path):
    """The lists that it signed before go on; one that names whoever stands here is told."""
    secrets = scene.endpoints.secrets_file
    whole, stolen = secrets.read_bytes(), Secrets.from_file(secrets).signing
    for kind in ("main", "keys"):
        (tmp_path / kind).mkdir()
        shutil.copy(scene.folder / kind / erasure_log.NAME, tmp_path / kind)
    known = erasure_log.read(tmp_path / "main" / erasure_log.NAME, stolen)
    key = fingerprint(stolen.signer.public_key)
    assert "was handed on" in scene.call(["keys", "renew-signing", key])
    folders = [str(tmp_path / kind) for kind in ("main", "keys")]
    command = ["backup", *folders, "--for", FOR, "--same-disk"]
    said = scene.call(command)
    now = Secrets.from_file(secrets).signing
    assert erasure_log.read(tmp_path / "main" / erasure_log.NAME, now).keys() >= known.keys(), said
    engine = owner_engine(scene.endpoints.keystore_owner_url)
    with engine.connect() as connection:
        stands = select(data_key.c.ref).where(data_key.c.wrapped.is_not(None)).limit(1)
        living = connection.scalars(stands).one()
    engine.dispose()
    file = tmp_path / "keys" / erasure_log.NAME
    file.unlink()
    erasure_log.write(file, {living: datetime(2026, 11, 1, tzinfo=UTC)}, stolen)
    said = scene.call(command)
    secrets.write_bytes(whole)
    assert "names 1 keys that nothing else says are destroyed. If nobody else" in said, said
    assert f'--former-key "{key}"' in said, said
    assert len(list(tmp_path.glob("*/*.manifest.json"))) == 2, "only the first was made"
    assert living not in erasure_log.read(tmp_path / "main" / erasure_log.NAME, now)
