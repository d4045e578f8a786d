"""What belongs to a backup, how long it is kept, and that a list of the erased only grows."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from union.cli.doctor import said_of_backup
from union.infra import erasure_log
from union.infra.backups import (
    KEPT_FOR,
    KEYS,
    MAIN,
    Manifest,
    ManifestUnreadableError,
    Part,
    manifests_in,
    part_beside,
    prune,
    read_manifest,
    write_manifest,
)
from union.infra.embedded.dumps import Tools, dumped, fill
from union.infra.embedded.errors import StartError
from union.infra.embedded.restored import Aside
from union.infra.embedded.saving import packet_name
from union.infra.erasure_log import ErasureLogDamagedError
from union.infra.sealed_files import new_recipient, recipient, seal, sha256_of
from union.infra.settings import Secrets
from union.infra.successions import SigningKeys, hand_on

SIGNING, STRANGE = SigningKeys(bytes(range(32))), SigningKeys(bytes(range(1, 33)))
SIGNER, STRANGER = SIGNING.signer, STRANGE.signer
OURS = SIGNING.public_keys
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def part(folder: Path, name: str, as_of: datetime) -> Part:
    file = folder / name
    file.write_bytes(name.encode())
    return Part(name, sha256_of(file), file.stat().st_size, as_of, {"member": 3})


def backed_up(folders, number: int, at: datetime, packet: str = "aa") -> Manifest:
    main, keys = folders
    manifest = Manifest(
        id=f"sangha-{number}",
        made_at=at,
        revision="0046_keys",
        main=part(main, f"{number}-main.sealed", at),
        keys=part(keys, f"{number}-keys.sealed", at),
        secrets=part(keys, f"sangha-secrets-{packet}.sealed", at),
        public_key=SIGNER.public_key,
    )
    write_manifest(folders, manifest, SIGNER)
    return manifest


@pytest.fixture
def folders(tmp_path):
    both = [tmp_path / "main", tmp_path / "keys"]
    for one in both:
        one.mkdir()
    return both


def test_a_manifest_is_read_as_it_was_written(folders):
    manifest = backed_up(folders, 1, NOW)
    for folder in folders:
        assert read_manifest(folder / "sangha-1.manifest.json") == manifest
    assert part_beside(folders[0] / "sangha-1.manifest.json", manifest.main).exists()


def test_a_changed_manifest_or_file_is_refused(folders):
    manifest = backed_up(folders, 1, NOW)
    file = folders[0] / "sangha-1.manifest.json"
    (folders[0] / manifest.main.file).write_bytes(b"another")
    with pytest.raises(ManifestUnreadableError):
        part_beside(file, manifest.main)
    whole = file.read_text()
    for wrong in (whole.replace("member", "mamber"), whole[:50], "[]", "{}"):
        file.write_text(wrong)
        with pytest.raises(ManifestUnreadableError):
            read_manifest(file)


def test_a_part_is_looked_for_beside_the_manifest_only(folders, tmp_path):
    """A manifest that names a file elsewhere does not lead there."""
    outside = part(tmp_path, "elsewhere", NOW)
    with pytest.raises(ManifestUnreadableError):
        part_beside(folders[0] / "one.manifest.json", outside)


def test_keys_go_sooner_than_the_union_and_the_newest_never_goes(folders):
    days = (60, 36, 20, 13, 3)
    for number, day in enumerate(days):
        packet = "old" if day > 14 else "new"
        backed_up(folders, number, NOW - timedelta(days=day), packet)
    main, keys = folders
    prune(main, MAIN, NOW, OURS)
    prune(keys, KEYS, NOW, OURS)
    assert [one.id for _, one in manifests_in(main)] == ["sangha-2", "sangha-3", "sangha-4"]
    assert [one.id for _, one in manifests_in(keys)] == ["sangha-3", "sangha-4"]
    assert not (main / "1-main.sealed").exists()
    assert sorted(one.name for one in keys.glob("sangha-secrets-*")) == [
        "sangha-secrets-new.sealed"
    ]
    prune(main, MAIN, NOW + 10 * KEPT_FOR[MAIN], OURS)
    assert [one.id for _, one in manifests_in(main)] == ["sangha-4"]


def test_what_a_killed_backup_left_goes_and_nothing_else(folders):
    main, _ = folders
    manifest = backed_up(folders, 1, NOW)
    (main / "sangha-1-main.sealed").write_bytes(b"told of, if unreadably")
    (main / f"{manifest.id}.manifest.json").write_text("damaged")
    for name in ("sangha-old-main.sealed", "sangha-fresh-main.sealed", "another-main.sealed"):
        (main / name).write_bytes(b"half a backup")
    long_ago = (NOW - timedelta(days=2)).timestamp()
    for file in main.iterdir():
        at = NOW.timestamp() if "fresh" in file.name else long_ago
        os.utime(file, (at, at))
    assert prune(main, MAIN, NOW, OURS) == ["sangha-old-main.sealed"]


def test_a_manifest_of_somebody_else_removes_nothing(folders):
    """Neither what it names, nor by standing as the newest."""
    main, _ = folders
    ours = backed_up(folders, 1, NOW - timedelta(days=60))
    theirs = replace(ours, id="sangha-0", public_key=STRANGER.public_key)
    write_manifest(folders, theirs, STRANGER)
    later = replace(theirs, id="sangha-2", made_at=NOW + timedelta(days=1))
    write_manifest(folders, later, STRANGER)
    assert prune(main, MAIN, NOW, OURS) == []
    assert part_beside(main / "sangha-1.manifest.json", ours.main).exists()


def test_only_what_lies_in_the_folder_is_removed(folders, tmp_path):
    main, _ = folders
    outside = part(tmp_path, "elsewhere", NOW)
    old = replace(
        backed_up(folders, 1, NOW - timedelta(days=60)), main=replace(outside, file="../elsewhere")
    )
    write_manifest(folders, old, SIGNER)
    backed_up(folders, 2, NOW)
    prune(main, MAIN, NOW, OURS)
    assert (tmp_path / "elsewhere").exists()


def test_secrets_are_packed_anew_for_whoever_else_may_open_them():
    one, other = (recipient(new_recipient()[1]) for _ in range(2))
    for changed in ([other], [one, other]):
        assert packet_name(b"{}", changed) != packet_name(b"{}", [one])
    assert packet_name(b"{}", [other, one]) == packet_name(b"{}", [one, other, one])
    assert packet_name(b"{ }", [one]) != packet_name(b"{}", [one])


def test_what_was_put_aside_is_known_by_its_backup(tmp_path):
    aside = Aside(tmp_path / "restored.json")
    aside.keep("_before_1", "sangha-1")
    aside.keep("_before_2", "sangha-2")
    assert aside.of("sangha-1") == ["_before_1"]
    aside.keep("_before_1", "sangha-2")
    assert aside.of("sangha-1") == []
    for ending in aside.of("sangha-2"):
        aside.forget(ending)
    assert not list(tmp_path.iterdir())


def test_the_list_of_the_erased_only_grows(tmp_path):
    file = tmp_path / erasure_log.NAME
    first, second = {uuid4(): NOW}, {uuid4(): NOW + timedelta(days=1)}
    assert erasure_log.write(file, first, SIGNING) == 1
    assert erasure_log.write(file, second, SIGNING) == 2
    assert erasure_log.read(file, SIGNING) == {**first, **second}
    assert erasure_log.write(file, {}, SIGNING) == 2


def test_nobody_strikes_one_from_the_list(tmp_path):
    file = tmp_path / erasure_log.NAME
    erasure_log.write(file, {uuid4(): NOW, uuid4(): NOW}, SIGNING)
    lines = file.read_text().splitlines(keepends=True)
    for wrong in ("".join(lines[:1] + lines[2:]), "".join(lines[:-1]), "", lines[-1]):
        file.write_text(wrong)
        with pytest.raises(ErasureLogDamagedError):
            erasure_log.read(file, SIGNING)
    with pytest.raises(ErasureLogDamagedError):
        erasure_log.read(file, STRANGE)


def test_an_empty_list_is_a_list(tmp_path):
    file = tmp_path / erasure_log.NAME
    assert erasure_log.write(file, {}, SIGNING) == 0
    assert erasure_log.read(file, SIGNING) == {}


@pytest.mark.parametrize(
    ("hours", "is_fresh", "says"),
    [(None, False, "never"), (1, True, "1 hours ago"), (26, True, "26"), (27, False, "27 hours")],
)
def test_the_doctor_says_how_old_the_last_backup_is(hours, is_fresh, says):
    last = None if hours is None else NOW - timedelta(hours=hours)
    fresh, line = said_of_backup(last, NOW)
    assert fresh is is_fresh
    assert says in line


def test_a_full_disk_is_said_and_not_swallowed():
    refused = pytest.raises(OSError, match=os.strerror(errno.ENOSPC))
    with Path("/dev/full").open("wb", buffering=0) as full, refused:
        seal(full, [recipient(new_recipient()[1])], MAIN, [os.urandom(300_000)])


def tools(folder: Path, script: str) -> Tools:
    for name in ("pg_dump", "pg_restore"):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(stat.S_IRWXU)
    return Tools(folder / "pg_dump", folder / "pg_restore")


URL = "postgresql+psycopg://her:secret@127.0.0.1:1/sangha"


def test_a_dump_that_is_killed_has_no_end(tmp_path):
    stream = dumped(tools(tmp_path, "printf half; kill -9 $$"), URL)
    assert next(stream) == b"half"
    with pytest.raises(StartError, match="pg_dump gave up"):
        next(stream)


def test_a_filling_that_is_killed_is_said(tmp_path):
    with pytest.raises(StartError, match="pg_restore gave up"):
        fill(tools(tmp_path, "head -c 10 >/dev/null; kill -9 $$"), URL, [os.urandom(500_000)] * 3)


def test_what_a_row_holds_is_not_passed_on(tmp_path):
    said = "echo 'pg_restore: error: COPY failed' >&2; echo 'DETAIL: Key (name)=(Rani)' >&2; exit 1"
    with pytest.raises(StartError, match="COPY failed") as refused:
        fill(tools(tmp_path, said), URL, [])
    assert "Rani" not in str(refused.value)


def test_a_password_is_no_argument(tmp_path):
    said = tmp_path / "said"
    list(dumped(tools(tmp_path, f'echo "$@ $PGPASSWORD" > {said}'), URL))
    arguments, _, password = said.read_text().strip().rpartition(" ")
    assert password == "secret"
    assert "secret" not in arguments
    assert "postgresql://her@127.0.0.1:1/sangha" in arguments


@pytest.fixture
def handed_on(tmp_path):
    """The signing keys of one union before and after it handed its key on."""
    file = tmp_path / "secrets.json"
    before = Secrets.from_file_or_new(file).signing
    hand_on(file, NOW)
    return before, Secrets.from_file(file).signing


def test_backups_of_before_are_ours_and_go_in_their_time(folders, handed_on):
    before, after = handed_on
    main, _ = folders
    old = backed_up(folders, 1, NOW - timedelta(days=60))
    write_manifest(folders, replace(old, public_key=before.signer.public_key), before.signer)
    new = backed_up(folders, 2, NOW)
    write_manifest(folders, replace(new, public_key=after.signer.public_key), after.signer)
    assert prune(main, MAIN, NOW, before.public_keys) == []
    assert len(prune(main, MAIN, NOW, after.public_keys)) == 2
