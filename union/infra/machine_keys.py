"""The machine's keys by their version: what every data key is wrapped under.

Owns their part of the secrets file and how that file is changed, so that a kill at any moment
leaves the old one or the new one whole; never knows what lies under a key.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import stat
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from union.kernel.errors import UnionError

KEY_BYTES = 32
NONCE_BYTES = 12
FIRST_VERSION = 1
LOOK_AGAIN_SECONDS = 1.0
"""So often at most a process looks whether the file was changed, unless it misses a version."""

ONLY = "machine_key"
BY_VERSION = "machine_keys"
CURRENT = "machine_key_current"

FileMark = tuple[int, int, int]

log = structlog.get_logger()


class MachineKeyMissingError(UnionError):
    """A data key lies under a version of the machine's key that this process does not have."""

    code = "machine_key_missing"


@dataclass(frozen=True, slots=True)
class MachineKeys:
    """The keys a secrets file holds, 32 bytes each; new data keys lie under ``current``.

    ``file`` is where they were read and may be read again.
    """

    current: int
    held: tuple[tuple[int, bytes], ...] = field(repr=False)
    file: Path | None = None

    @classmethod
    def only(cls, key: bytes) -> MachineKeys:
        """The one key of a deployment that was never rotated."""
        return cls(FIRST_VERSION, ((FIRST_VERSION, key),))

    @classmethod
    def of(cls, secrets_held: Mapping[str, Any], file: Path | None = None) -> MachineKeys:
        """What a secrets file says, in its present form or its first one.

        KeyError or ValueError if it says none, or names one that is not there as the current one.
        """
        by_version: Mapping[str, str] = secrets_held.get(BY_VERSION) or {
            str(FIRST_VERSION): secrets_held[ONLY]
        }
        held = sorted((int(version), _bytes_of(key)) for version, key in by_version.items())
        current = int(secrets_held.get(CURRENT, FIRST_VERSION))
        if current not in dict(held):
            raise KeyError(current)
        return cls(current, tuple(held), file)

    @classmethod
    def read(cls, file: Path) -> MachineKeys:
        """What lies in this file now."""
        return cls.of(json.loads(file.read_text()), file)

    @property
    def newest(self) -> int:
        """The highest version there is; above ``current`` while a rotation has only begun."""
        return self.held[-1][0]

    def said(self) -> dict[str, Any]:
        """As a secrets file holds them."""
        by_version = {str(version): base64.b64encode(key).decode() for version, key in self.held}
        return {BY_VERSION: by_version, CURRENT: self.current}


class KeyRing:
    """The keys as one process knows them: read again once the file they lie in has changed."""

    def __init__(self, keys: MachineKeys) -> None:
        self._known = _with_wrappers(keys)
        # The keys were read before now: of a file changed meanwhile the mark would be too new.
        self._seen: FileMark | None = None
        self._looked = time.monotonic()

    @property
    def current(self) -> int:
        """The version under which new data keys are wrapped."""
        return self._known[0].current

    def wrap(self, ref: UUID, key: bytes) -> tuple[int, bytes]:
        """A data key under the current version, and which that is."""
        self._look()
        keys, wrappers = self._known
        nonce = os.urandom(NONCE_BYTES)
        about = _about(ref, keys.current)
        return keys.current, nonce + wrappers[keys.current].encrypt(nonce, key, about)

    def unwrap(self, ref: UUID, version: int, wrapped: bytes) -> bytes:
        """The data key; MachineKeyMissingError without that version, InvalidTag if changed."""
        self._look()
        wrapper = self._known[1].get(version)
        if wrapper is None:
            self.look_again()
            wrapper = self._known[1].get(version)
        if wrapper is None:
            raise MachineKeyMissingError(version=version)
        nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        return wrapper.decrypt(nonce, sealed, _about(ref, version))

    def look_again(self) -> None:
        """Read the file again if it is another one than before.

        One that cannot be read just now changes nothing: what is known goes on being used.
        """
        file = self._known[0].file
        self._looked = time.monotonic()
        found = file_mark(file)
        if file is None or found is None or found == self._seen:
            return
        try:
            self._known = _with_wrappers(MachineKeys.read(file))
        except (OSError, ValueError, KeyError) as error:
            log.warning("machine_keys_unreadable", code=type(error).__name__)
            return
        self._seen = found

    def _look(self) -> None:
        if time.monotonic() - self._looked >= LOOK_AGAIN_SECONDS:
            self.look_again()


def add_key(file: Path) -> MachineKeys:
    """Let the file hold a version nothing lies under yet; one that waits there already is it."""
    keys = MachineKeys.read(file)
    if keys.newest > keys.current:
        return keys
    made = (keys.newest + 1, secrets.token_bytes(KEY_BYTES))
    return _keep(file, lambda held: replace(held, held=(*held.held, made)))


def use_newest_key(file: Path) -> MachineKeys:
    """From now on new data keys lie under the newest version."""
    return _keep(file, lambda held: replace(held, current=held.newest))


def drop_older_keys(file: Path) -> MachineKeys:
    """Forget every version before the current one: what still lies under one is closed for good."""
    return _keep(
        file,
        lambda held: replace(held, held=tuple(one for one in held.held if one[0] >= held.current)),
    )


def _keep(file: Path, change: Callable[[MachineKeys], MachineKeys]) -> MachineKeys:
    """Change the keys in the file and nothing else in it; what is so already is not written."""
    whole = json.loads(file.read_text())
    before = MachineKeys.of(whole, file)
    after = change(before)
    if after != before:
        others = {name: value for name, value in whole.items() if name != ONLY}
        write_whole(file, json.dumps({**others, **after.said()}).encode())
    return after


def write_whole(file: Path, content: bytes) -> None:
    """Put a new file in this one's place, its owner's alone: all of it is on the disk, or nothing.

    It belongs to whom the old one belonged to, or, without an old one, to whoever writes.
    """
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    with os.fdopen(descriptor, "wb") as opened:
        if file.exists():
            old = file.stat()
            if (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(descriptor, old.st_uid, old.st_gid)
        opened.write(content)
        opened.flush()
        os.fsync(descriptor)
    fresh.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """See to it that what was renamed in a folder is still so after the power fails."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _with_wrappers(keys: MachineKeys) -> tuple[MachineKeys, Mapping[int, AESGCM]]:
    return keys, {version: AESGCM(key) for version, key in keys.held}


def _bytes_of(said: str) -> bytes:
    key = base64.b64decode(said, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError(len(key))
    return key


def file_mark(file: Path | None) -> FileMark | None:
    """What tells a file from the one that was there before; None if there is none to look at."""
    try:
        found = None if file is None else file.stat()
    except OSError:
        return None
    return None if found is None else (found.st_ino, found.st_mtime_ns, found.st_size)


def _about(ref: UUID, version: int) -> bytes:
    return f"data_key|{ref}|{version}".encode()
