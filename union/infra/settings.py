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
from urllib.parse import parse_qs, urlsplit

from union.infra.card_settings import CardSettings, card_settings
from union.infra.machine_keys import ONLY as MACHINE_KEY
from union.infra.machine_keys import MachineKeys
from union.infra.notice_settings import NoticeSettings, notice_settings
from union.infra.secret_files import SecretFileUnfitError, read_secret_file
from union.infra.successions import SIGNING_KEY, SigningKeys, Succession, successions_in
from union.infra.ways_settings import WaysSettings, ways_settings
from union.infra.web_keys import WebKeys
from union.infra.wire_settings import WireSettings, wire_settings
from union.kernel.errors import UnionError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

KEY_BYTES = 32
OWNER_ONLY = 0o600


class SettingMissingError(UnionError):
    """A setting that this process cannot do without is not in the environment."""

    code = "setting_missing"


class SettingUnreadableError(UnionError):
    """A setting is there but is not what it should be."""

    code = "setting_unreadable"


class DemonstrationKeysError(UnionError):
    """The keys were made for a demonstration, and this looks like a union of real people."""

    code = "demonstration_keys"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the machine alone should know: 32 bytes each, kept apart from the database.

    ``signing_key`` signs the heads of the books' seals (Ed25519); a deployment older than it may
    have none, and then seals without signing. ``demonstration``: they were made unasked beside an
    embedded database, where nobody has laid a copy aside.
    """

    machine_keys: MachineKeys
    index_key: bytes = field(repr=False)
    web_key: bytes = field(repr=False)
    signing_key: bytes = field(default=b"", repr=False)
    demonstration: bool = False
    exchanged: WebKeys | None = field(default=None, repr=False)
    """The web key with those that are to follow it or were before it, where a file says them."""
    successions: tuple[Succession, ...] = ()

    @property
    def web_keys(self) -> WebKeys:
        """What cookies and forms are signed with."""
        return self.exchanged or WebKeys(self.web_key)

    @property
    def signing(self) -> SigningKeys:
        """What the union signs with, and how its key was handed on."""
        return SigningKeys(self.signing_key, self.successions)

    @classmethod
    def from_file(cls, path: Path) -> Secrets:
        """Read them from a file that only its owner may read; SettingUnreadableError otherwise."""
        try:
            held = json.loads(read_secret_file(path))
            known = [name for name in _OTHER_NAMES if name in held or name != SIGNING_KEY]
            others = {name: base64.b64decode(held[name], validate=True) for name in known}
            machine, web = MachineKeys.of(held, path), WebKeys.of(held)
            handed_on = successions_in(held)
        except SecretFileUnfitError as error:
            raise SettingUnreadableError(setting="SANGHA_SECRETS", reason=str(error)) from error
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            raise SettingUnreadableError(setting="SANGHA_SECRETS", reason="damaged") from error
        apart = [key for key in web.all if key != web.current]
        if _guessable([*others.values(), *apart, *(key for _version, key in machine.held)]):
            raise SettingUnreadableError(setting="SANGHA_SECRETS", reason="weak")
        shown = held.get(DEMONSTRATION) is True
        return cls(machine, **others, demonstration=shown, exchanged=web, successions=handed_on)

    @classmethod
    def from_file_or_new(cls, path: Path) -> Secrets:
        """Read them, or make them and keep them there, readable by the owner only.

        A file from before there was a signing key is given one; the others stay as they are.
        """
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            keys: dict[str, object] = {name: _new_key() for name in _SECRET_NAMES}
            _write_new(path, {**keys, DEMONSTRATION: True})
        elif not cls.from_file(path).signing_key:
            fresh = path.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            _write_new(fresh, {**json.loads(path.read_text()), SIGNING_KEY: _new_key()})
            fresh.replace(path)
        return cls.from_file(path)


DEMONSTRATION = "demonstration"
_FEWEST_BYTES = 12
"""Different bytes in a key: of 32 made by chance fewer never are."""

_OTHER_NAMES = ("index_key", "web_key", SIGNING_KEY)
_SECRET_NAMES = (MACHINE_KEY, *_OTHER_NAMES)


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _guessable(keys: Collection[bytes]) -> bool:
    """Whether one is written twice, is short, or was never made by chance."""
    same = len(set(keys)) < len(keys)
    return same or any(len(key) != KEY_BYTES or len(set(key)) < _FEWEST_BYTES for key in keys)


def _write_new(path: Path, held: Mapping[str, object]) -> None:
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
    wire: WireSettings = field(default_factory=WireSettings)
    erasures_to: tuple[Path, ...] = ()
    """The folders in which the list of destroyed keys is kept."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the environment; a missing part raises SettingMissingError naming it.

        DemonstrationKeysError if it has a public address or a database elsewhere and yet the keys
        of a demonstration.
        """
        secrets_file = Path(_needed(environ, "SANGHA_SECRETS"))
        database_url = _needed(environ, "DATABASE_URL")
        public_url = environ.get("PUBLIC_URL", "http://127.0.0.1:8000")
        demonstration = environ.get("SANGHA_DEMONSTRATION") == "1"
        keys = Secrets.from_file(secrets_file)
        if keys.demonstration and not demonstration and _for_real(public_url, database_url):
            raise DemonstrationKeysError
        return cls(
            database_url=database_url,
            owner_url=environ.get("DATABASE_OWNER_URL", database_url),
            keystore_url=_needed(environ, "KEYSTORE_URL"),
            simulator_url=environ.get("SIMULATOR_URL"),
            redis_url=_needed(environ, "REDIS_URL"),
            secrets=keys,
            demonstration=demonstration,
            public_url=public_url,
            secure_cookies=public_url.startswith("https://"),
            zone=environ.get("SANGHA_ZONE", "Asia/Kolkata"),
            notices=notice_settings(environ, public_url),
            ways=ways_settings(environ, demonstration=demonstration),
            cards=card_settings(environ, demonstration=demonstration),
            wire=wire_settings(environ),
            erasures_to=_erasures_to(environ, secrets_file),
        )


def _for_real(public_url: str, database_url: str) -> bool:
    """Whether strangers can reach it, or its database is not behind a socket of this machine."""
    asked = parse_qs(urlsplit(database_url).query)
    beside = asked.get("host", [""])[0].startswith("/") or not urlsplit(database_url).hostname
    return public_url.startswith("https://") or not beside


def _erasures_to(environ: Mapping[str, str], secrets_file: Path) -> tuple[Path, ...]:
    """Wherever ERASURES_TO names, better another machine; beside the secrets where we may write."""
    named = [Path(one) for one in environ.get("ERASURES_TO", "").split(os.pathsep) if one]
    beside = secrets_file.absolute().parent
    return tuple([beside, *named] if os.access(beside, os.W_OK) else named)


def _needed(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name)
    if not value:
        raise SettingMissingError(setting=name)
    return value
