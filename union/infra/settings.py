"""Deployment settings: read from the environment once, typed, and handed on as a value."""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from union.infra.card_settings import CardSettings, card_settings
from union.infra.notice_settings import NoticeSettings, notice_settings
from union.infra.ways_settings import WaysSettings, ways_settings
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_BYTES = 32
OWNER_ONLY = 0o600


class SettingMissingError(UnionError):
    """A setting that this process cannot do without is not in the environment."""

    code = "setting_missing"


class SettingUnreadableError(UnionError):
    """A setting is there but is not what it should be."""

    code = "setting_unreadable"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the machine alone should know: 32 bytes each, kept apart from the database.

    ``signing_key`` signs the heads of the books' seals (Ed25519); a deployment older than it may
    have none, and then seals without signing.
    """

    machine_key: bytes
    index_key: bytes
    web_key: bytes
    signing_key: bytes = b""

    @classmethod
    def from_file(cls, path: Path) -> Secrets:
        """Read them from a file that only its owner may read; SettingUnreadableError otherwise."""
        if path.stat().st_mode & 0o077:
            raise SettingUnreadableError(setting="SANGHA_SECRETS", reason="readable by others")
        try:
            held = json.loads(path.read_text())
            known = (name for name in _SECRET_NAMES if name in held or name != SIGNING_KEY)
            return cls(**{name: base64.b64decode(held[name]) for name in known})
        except (ValueError, KeyError, binascii.Error) as error:
            raise SettingUnreadableError(setting="SANGHA_SECRETS", reason="damaged") from error

    @classmethod
    def from_file_or_new(cls, path: Path) -> Secrets:
        """Read them, or make them and keep them there, readable by the owner only.

        A file from before there was a signing key is given one; the others stay as they are.
        """
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_new(path, {name: _new_key() for name in _SECRET_NAMES})
        elif not cls.from_file(path).signing_key:
            fresh = path.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            _write_new(fresh, {**json.loads(path.read_text()), SIGNING_KEY: _new_key()})
            fresh.replace(path)
        return cls.from_file(path)


SIGNING_KEY = "signing_key"
_SECRET_NAMES = ("machine_key", "index_key", "web_key", SIGNING_KEY)


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _write_new(path: Path, held: Mapping[str, str]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w") as file:
        json.dump(held, file)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the parts are and how this deployment behaves.

    ``database_url`` is the application's, ``owner_url`` that of whoever migrates. Without
    ``simulator_url`` there is no handset simulator. ``demonstration`` shows the people one can
    be on the sign-in page and must never be set where real people are kept.
    """

    database_url: str
    owner_url: str
    keystore_url: str
    simulator_url: str | None
    redis_url: str
    secrets: Secrets
    demonstration: bool = False
    public_url: str = "http://127.0.0.1:8000"
    secure_cookies: bool = False
    zone: str = "Asia/Kolkata"
    cards: CardSettings | None = None
    notices: NoticeSettings = field(default_factory=NoticeSettings)
    ways: WaysSettings | None = field(default=None, hash=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the environment; a missing part raises SettingMissingError naming it."""
        secrets_file = Path(_needed(environ, "SANGHA_SECRETS"))
        database_url = _needed(environ, "DATABASE_URL")
        public_url = environ.get("PUBLIC_URL", "http://127.0.0.1:8000")
        return cls(
            database_url=database_url,
            owner_url=environ.get("DATABASE_OWNER_URL", database_url),
            keystore_url=_needed(environ, "KEYSTORE_URL"),
            simulator_url=environ.get("SIMULATOR_URL"),
            redis_url=_needed(environ, "REDIS_URL"),
            secrets=Secrets.from_file(secrets_file),
            demonstration=environ.get("SANGHA_DEMONSTRATION") == "1",
            public_url=public_url,
            secure_cookies=public_url.startswith("https://"),
            zone=environ.get("SANGHA_ZONE", "Asia/Kolkata"),
            notices=notice_settings(environ, public_url),
            ways=ways_settings(environ, demonstration=environ.get("SANGHA_DEMONSTRATION") == "1"),
            cards=card_settings(environ, demonstration=environ.get("SANGHA_DEMONSTRATION") == "1"),
        )


def _needed(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name)
    if not value:
        raise SettingMissingError(setting=name)
    return value
