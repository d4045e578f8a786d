"""Whoever exchanges the web or the signing key is killed, and called again: the same end, once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.faults import points
from tests.faults.processes import lives, wait_for
from union.infra import erasure_log
from union.infra.audit import AuditEntry
from union.infra.db import owner_engine
from union.infra.keystore import KeyStore
from union.infra.machine_keys import MachineKeys
from union.infra.settings import Secrets
from union.infra.signing import fingerprint
from union.infra.web_keys import WebKeys
from union.kernel.clock import SystemClock

LONG = pytest.mark.prove
POINTS = (
    pytest.param("pathlib:Path.replace before 1", marks=LONG),
    "union.infra.web_keys:add_next after 1",
    pytest.param("pathlib:Path.replace before 2", marks=LONG),
    "union.infra.web_keys:use_next after 1",
    pytest.param("union.infra.audit:log after 1", marks=LONG),
    pytest.param("union.infra.audit:log after 2", marks=LONG),
)


RENEW_WEB = ["keys", "renew-web"]


def call(parts, folder: Path, at: str = "", *, command: list[str] = RENEW_WEB) -> Path:
    """Run the command to its end, which may be a violent one; what it said."""
    log = folder / f"renewing-{len(list(folder.glob('renewing-*')))}.log"
    environment = {**parts.environment, **points.environment(command, at)}
    process = parts.nursery.begin("command", environment, log)
    wait_for(lambda: not lives(process), 180)
    return log


def written(parts, key: str = "web_key") -> list[str]:
    engine = owner_engine(parts.environment["DATABASE_OWNER_URL"])
    try:
        with engine.connect() as connection:
            actions = select(AuditEntry.action).where(AuditEntry.object_type == key)
            return list(connection.scalars(actions.order_by(AuditEntry.id)))
    finally:
        engine.dispose()


@pytest.mark.parametrize("at", POINTS)
def test_whoever_exchanges_the_web_key_is_killed_and_called_again(parts, tmp_path, at):
    file = Path(parts.environment["SANGHA_SECRETS"])
    first = Secrets.from_file(file).web_keys
    killed = call(parts, tmp_path, at)
    assert points.was_killed(killed), killed.read_text()
    assert first.current in Secrets.from_file(file).web_keys.all, "no form is spoiled in between"
    ended = call(parts, tmp_path)
    held = Secrets.from_file(file).web_keys
    assert "signed with the new web key. Give the secrets file to each" in ended.read_text()
    assert held.next is None
    assert [key for _until, key in held.before] == [first.current]
    assert held.current != first.current
    assert written(parts) == ["web_key_begun", "web_key_used"]


def test_who_forgets_the_key_before_is_killed_and_called_again(parts, tmp_path):
    """The second call says what was done; it begins nothing of its own."""
    file = Path(parts.environment["SANGHA_SECRETS"])
    call(parts, tmp_path)
    used = Secrets.from_file(file).web_keys
    said = json.loads(file.read_text())
    said["web_keys_before"][0]["until"] = "2026-01-01T00:00:00+00:00"
    file.write_text(json.dumps(said))
    killed = call(parts, tmp_path, "union.infra.web_keys:forget_before after 1")
    assert points.was_killed(killed), killed.read_text()
    assert "Only the new web key counts" in call(parts, tmp_path).read_text()
    assert Secrets.from_file(file).web_keys == WebKeys(used.current)
    assert written(parts) == ["web_key_begun", "web_key_used", "web_key_dropped"]


def test_at_once_says_before_it_begins(parts, tmp_path):
    file = Path(parts.environment["SANGHA_SECRETS"])
    first = Secrets.from_file(file).web_keys
    call(parts, tmp_path, command=[*RENEW_WEB, "--at-once"])
    assert first.current not in Secrets.from_file(file).web_keys.all
    assert written(parts) == ["web_key_begun", "web_key_dropped"]


SIGNING_POINTS = (
    pytest.param("pathlib:Path.replace before 1", marks=LONG),
    pytest.param("union.infra.erasure_log:write after 1", marks=LONG),
    "union.infra.successions:write_whole after 1",
    pytest.param("union.infra.erasure_log:write after 2", marks=LONG),
    pytest.param("union.infra.audit:log after 1", marks=LONG),
)


@pytest.mark.parametrize("at", SIGNING_POINTS)
def test_whoever_hands_the_signing_key_on_is_killed_and_called_again(parts, tmp_path, at):
    file = Path(parts.environment["SANGHA_SECRETS"])
    first = Secrets.from_file(file).signing.signer.public_key
    command = ["keys", "renew-signing", fingerprint(first)]
    killed = call(parts, tmp_path, at, command=command)
    assert points.was_killed(killed), killed.read_text()
    ended = [call(parts, tmp_path, command=command).read_text() for _ in range(2)]
    now = Secrets.from_file(file).signing
    assert [one.public_key for one in now.line] == [first, now.signer.public_key], "once"
    assert ended[0] == ended[1]
    assert fingerprint(now.signer.public_key) in ended[0]
    assert written(parts, "signing_key") == ["signing_key_handed_on"]
    erasure_log.read(file.with_name(erasure_log.NAME), now)


def test_a_key_that_is_not_ours_is_not_handed_on(parts, tmp_path):
    file = Path(parts.environment["SANGHA_SECRETS"])
    before = file.read_text()
    call(parts, tmp_path, command=["keys", "renew-signing", fingerprint(bytes(32))])
    assert file.read_text() == before


def test_what_the_old_key_listed_is_looked_at_before_and_signed_anew_after(parts, tmp_path):
    """What no key of ours signed stops it; whether the old one was stolen, a person says."""
    file = Path(parts.environment["SANGHA_SECRETS"])
    listed, before = file.with_name(erasure_log.NAME), file.read_bytes()
    old = Secrets.from_file(file).signing
    command = ["keys", "renew-signing", fingerprint(old.signer.public_key)]
    listed.write_text("sangha-erasures-1\nsigned 00\n")
    assert "not as a key of ours signed it" in call(parts, tmp_path, command=command).read_text()
    assert file.read_bytes() == before
    listed.unlink()
    engine = owner_engine(parts.environment["KEYSTORE_URL"])
    (stands,) = KeyStore(engine, MachineKeys.read(file), SystemClock()).make(1)
    engine.dispose()
    erased = {one: datetime(2026, 11, 1, tzinfo=UTC) for one in (uuid4(), stands)}
    erasure_log.write(listed, erased, old)
    assert "names 1 keys" in call(parts, tmp_path, command=command).read_text()
    call(parts, tmp_path, command=[*command, "--former-key", command[-1]])
    after = erasure_log.read(listed, Secrets.from_file(file).signing)
    assert after.items() >= erased.items()
