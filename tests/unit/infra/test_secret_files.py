"""A file of secrets is read only if nobody else could have read it or laid it there."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

import pytest

from union.infra import secret_files
from union.infra.card_settings import SettingUnfitError, secret_value
from union.infra.secret_files import SecretFileUnfitError, read_secret_file
from union.infra.settings import (
    DemonstrationKeysError,
    Secrets,
    Settings,
    SettingUnreadableError,
)

BESIDE = "postgresql://sangha@/sangha?host=%2Frun%2Fsangha&port=5432"
ELSEWHERE = "postgresql://sangha@db.example.test/sangha"
NAMES = ("machine_key", "index_key", "web_key", "signing_key")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("quiet")
    path.chmod(0o600)
    return path


def keys_file(folder: Path, **other: object) -> Path:
    path = folder / "keys.json"
    held = {name: base64.b64encode(secrets.token_bytes(32)).decode() for name in NAMES}
    path.write_text(json.dumps({**held, **other}))
    path.chmod(0o600)
    return path


def test_what_is_hers_alone_is_read(file: Path) -> None:
    assert read_secret_file(file) == "quiet"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_what_others_can_open_is_not_read(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(SecretFileUnfitError, match="others"):
        read_secret_file(file)


def test_a_link_is_not_followed(file: Path) -> None:
    link = file.with_name("link")
    link.symlink_to(file)
    with pytest.raises(SecretFileUnfitError, match="link"):
        read_secret_file(link)


def test_a_file_of_somebody_else_is_not_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_files, "_trusted", lambda: {os.geteuid() + 1})
    with pytest.raises(SecretFileUnfitError, match="somebody"):
        read_secret_file(file)


def test_a_folder_that_others_write_to_holds_no_secret(file: Path) -> None:
    file.parent.chmod(0o777)
    with pytest.raises(SecretFileUnfitError, match="folder"):
        read_secret_file(file)
    file.parent.chmod(0o1777)
    assert read_secret_file(file) == "quiet"


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(SecretFileUnfitError, match="plain"):
        read_secret_file(tmp_path / "pipe")


def test_the_secrets_of_others_services_are_held_to_the_same(file: Path) -> None:
    named = {"SMTP_URL_FILE": str(file)}
    assert secret_value(named, "SMTP_URL") == "quiet"
    link = file.with_name("link")
    link.symlink_to(file)
    with pytest.raises(SettingUnfitError):
        secret_value({"SMTP_URL_FILE": str(link)}, "SMTP_URL")


@pytest.mark.parametrize(
    "weak",
    [
        {"web_key": base64.b64encode(bytes(32)).decode()},
        {"web_key": base64.b64encode(b"0123456789abcdef").decode()},
        {"web_key": base64.b64encode(b"passwordpasswordpasswordpassword").decode()},
    ],
)
def test_a_key_that_could_be_guessed_is_none(tmp_path: Path, weak: dict[str, str]) -> None:
    with pytest.raises(SettingUnreadableError) as refused:
        Secrets.from_file(keys_file(tmp_path, **weak))
    assert refused.value.facts["reason"] == "weak"


def test_one_key_for_two_things_is_none(tmp_path: Path) -> None:
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    with pytest.raises(SettingUnreadableError):
        Secrets.from_file(keys_file(tmp_path, web_key=key, index_key=key))


def environment(path: Path, **other: str) -> dict[str, str]:
    return {
        "SANGHA_SECRETS": str(path),
        "DATABASE_URL": BESIDE,
        "KEYSTORE_URL": BESIDE,
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "TRUSTED_PROXIES": "1",
        **other,
    }


@pytest.mark.parametrize(
    "real", [{"PUBLIC_URL": "https://notebook.example.test"}, {"DATABASE_URL": ELSEWHERE}]
)
def test_keys_of_a_demonstration_open_no_real_union(tmp_path: Path, real: dict[str, str]) -> None:
    path = tmp_path / "secrets.json"
    Secrets.from_file_or_new(path)
    with pytest.raises(DemonstrationKeysError):
        Settings.from_environment(environment(path, **real))
    shown = Settings.from_environment(environment(path, SANGHA_DEMONSTRATION="1", **real))
    assert shown.demonstration
    own = keys_file(tmp_path)
    assert not Settings.from_environment(environment(own, **real)).demonstration


def test_on_this_machine_a_demonstrations_keys_serve_its_commands(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    assert Secrets.from_file_or_new(path).demonstration
    assert Settings.from_environment(environment(path)).secrets.demonstration
