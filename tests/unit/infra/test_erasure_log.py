"""Whose list of the erased counts, before and after the key that signs it was handed on."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from union.infra import erasure_log
from union.infra.embedded.erased_lists import believed, said_plainly
from union.infra.embedded.errors import StartError
from union.infra.erasure_log import ErasureLogDamagedError, ErasureLogOfBeforeError
from union.infra.settings import Secrets
from union.infra.signing import fingerprint
from union.infra.successions import SigningKeys, hand_on

STRANGE = SigningKeys(bytes(range(1, 33)))
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ERASED, ERASED_SINCE, LIVING = uuid4(), uuid4(), uuid4()


def standing(refs: Collection[UUID]) -> list[UUID]:
    """A key store in which one key stands."""
    return [ref for ref in refs if ref == LIVING]


@pytest.fixture
def secrets(tmp_path):
    file = tmp_path / "secrets.json"
    Secrets.from_file_or_new(file)
    return file


@pytest.fixture
def file(tmp_path):
    return tmp_path / erasure_log.NAME


def handed_on(secrets) -> SigningKeys:
    hand_on(secrets, NOW)
    return Secrets.from_file(secrets).signing


def test_the_list_goes_on_under_a_new_key_and_opens_a_backup_of_before(secrets, file):
    before = Secrets.from_file(secrets).signing
    first, second = {ERASED: NOW}, {ERASED_SINCE: NOW + timedelta(days=1)}
    erasure_log.write(file, first, before)
    after = handed_on(secrets)
    assert erasure_log.write(file, second, after, standing) == 2
    for signing in (after, before):
        assert erasure_log.read(file, signing) == {**first, **second}
    with pytest.raises(ErasureLogDamagedError):
        erasure_log.read(file, STRANGE)
    assert erasure_log.write(file, {}, before) == 2, "a union restored from before goes on"


def test_who_stole_a_key_that_was_handed_on_erases_nobody(secrets, file):
    stolen = Secrets.from_file(secrets).signing
    after = handed_on(secrets)
    erasure_log.write(file, {LIVING: NOW, ERASED: NOW - timedelta(days=9)}, stolen)
    forged = file.read_bytes()
    with pytest.raises(ErasureLogOfBeforeError):
        erasure_log.read(file, after)
    for asked in (standing, list):
        with pytest.raises(ErasureLogOfBeforeError):
            erasure_log.write(file, {ERASED: NOW}, after, asked)
    assert file.read_bytes() == forged
    way = f'--former-key "{fingerprint(stolen.signer.public_key)}"'
    with pytest.raises(StartError, match=way), said_plainly():
        erasure_log.write(file, {}, after, standing)


def test_nor_by_a_key_that_he_hands_it_on_to(secrets, tmp_path, file):
    copied = tmp_path / "copied.json"
    copied.write_bytes(secrets.read_bytes())
    copied.chmod(0o600)
    thief, after = handed_on(copied), handed_on(secrets)
    erasure_log.write(file, {LIVING: NOW}, thief)
    with pytest.raises(ErasureLogOfBeforeError):
        erasure_log.read(file, after)
    with pytest.raises(ErasureLogOfBeforeError):
        erasure_log.write(file, {}, after, standing)


def test_what_the_key_store_knows_keeps_its_day(secrets, file):
    before = Secrets.from_file(secrets).signing
    erasure_log.write(file, {ERASED: NOW - timedelta(days=9)}, before)
    after = handed_on(secrets)
    erasure_log.write(file, {ERASED: NOW}, after)
    assert erasure_log.read(file, after) == {ERASED: NOW}


def test_a_person_may_name_the_key_of_before(secrets, file):
    before = Secrets.from_file(secrets).signing
    key = fingerprint(before.signer.public_key)
    erasure_log.write(file, {LIVING: NOW}, before)
    after = handed_on(secrets)
    other = fingerprint(STRANGE.signer.public_key)
    with pytest.raises(ErasureLogOfBeforeError):
        erasure_log.read(file, after, [other, ""])
    for said in (key, key.replace(" ", "").upper()):
        assert erasure_log.read(file, after, [other, said]) == {LIVING: NOW}
    assert erasure_log.write(file, {}, after, standing, [key]) == 1
    assert erasure_log.read(file, after) == {LIVING: NOW}


def test_naming_a_stranger_does_not_make_his_list_ours(secrets, file):
    ours = handed_on(secrets)
    erasure_log.write(file, {ERASED: NOW}, STRANGE)
    key = fingerprint(STRANGE.signer.public_key)
    with pytest.raises(ErasureLogDamagedError):
        erasure_log.read(file, ours, [key])
    with pytest.raises(StartError, match="not as a key of ours signed it"), said_plainly():
        erasure_log.write(file, {}, ours, standing, [key])


def test_a_union_handed_on_anew_after_a_restore_forgets_nobody(secrets, tmp_path, file):
    """Its list was signed by a key that the restored secrets never knew."""
    restored = tmp_path / "restored.json"
    restored.write_bytes(secrets.read_bytes())
    restored.chmod(0o600)
    between, anew = handed_on(secrets), handed_on(restored)
    erasure_log.write(file, {ERASED_SINCE: NOW}, between)
    assert erasure_log.write(file, {ERASED: NOW}, anew, standing) == 2
    assert erasure_log.read(file, anew).keys() == {ERASED, ERASED_SINCE}


def test_no_stranger_hands_our_key_on_to_himself_in_a_list(secrets, file):
    before = Secrets.from_file(secrets).signing
    true = handed_on(secrets).successions[0]
    signer = STRANGE.signer
    forged = replace(true, new=signer.public_key, by_new=signer.sign(b"x").value)
    erasure_log.write(file, {ERASED: NOW}, SigningKeys(STRANGE.key, (forged,)))
    with pytest.raises(ErasureLogDamagedError):
        erasure_log.read(file, before, [fingerprint(signer.public_key)])


def test_an_old_backup_asks_the_living_secrets_whose_lists_count(secrets, tmp_path, file):
    packed = tmp_path / "packed.json"
    packed.write_bytes(secrets.read_bytes())
    packed.chmod(0o600)
    before = Secrets.from_file(packed).signing
    erasure_log.write(file, {LIVING: NOW}, before)
    fresh = tmp_path / "none.json"
    assert erasure_log.read(file, believed(packed, fresh)) == {LIVING: NOW}, "its own time's"
    after = handed_on(secrets)
    assert believed(packed, secrets) == after
    assert believed(secrets, packed) == after, "what is packed may know more than what lives"
    with pytest.raises(ErasureLogOfBeforeError):
        erasure_log.read(file, believed(packed, secrets))
    for other in (json.dumps({}), "damaged"):
        fresh.write_text(other)
        fresh.chmod(0o600)
        assert believed(packed, fresh) == before
    fresh.unlink()
    Secrets.from_file_or_new(fresh)
    assert believed(packed, fresh) == before, "another union's file decides nothing"
