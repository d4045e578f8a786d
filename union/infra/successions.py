"""How the union's signing key is handed on: a line of keys, each named by the one before it.

Both keys sign: the old one says whom it is handed on to, and the new one that it takes it, so that
nobody claims ours for his own past. The lines are public and lie in the secrets file beside the
key, so that they are in every backup and need no database. Knows no table and signs nothing else.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from union.infra.machine_keys import KEY_BYTES, write_whole
from union.infra.signing import Signature, Signer, SigningKeyMissingError, is_signed

SUCCESSIONS = "successions"
SIGNING_KEY = "signing_key"
LATE = timedelta(hours=1)
"""What was begun with the old key while it was handed on may be signed so much later."""


@dataclass(frozen=True, slots=True)
class Succession:
    """One key handed on to another at an instant, signed by both."""

    old: bytes
    new: bytes
    made_at: datetime
    by_old: bytes
    by_new: bytes

    @classmethod
    def of(cls, said: Mapping[str, str]) -> Succession:
        """As ``said`` by a file; KeyError, TypeError or ValueError if it is no such line."""
        made_at = datetime.fromisoformat(said["made_at"])
        if made_at.tzinfo is None:
            raise ValueError(said["made_at"])
        keys = (bytes.fromhex(said[name]) for name in ("old", "new"))
        signatures = (bytes.fromhex(said[name]) for name in ("by_old", "by_new"))
        old, new = keys
        return cls(old, new, made_at, *signatures)

    @property
    def text(self) -> str:
        """What both sign."""
        return succession_text(self.old, self.new, self.made_at)

    @property
    def holds(self) -> bool:
        """Whether both signed it."""
        said = self.text.encode()
        both = ((self.old, self.by_old), (self.new, self.by_new))
        return all(is_signed(said, Signature(key, value)) for key, value in both)

    def said(self) -> dict[str, str]:
        """As files hold it."""
        return {
            "old": self.old.hex(),
            "new": self.new.hex(),
            "made_at": _instant(self.made_at),
            "by_old": self.by_old.hex(),
            "by_new": self.by_new.hex(),
        }


@dataclass(frozen=True, slots=True)
class OurKey:
    """A key of ours, and when it was handed on (None: it signs still)."""

    public_key: bytes
    until: datetime | None = None

    def could_sign(self, at: datetime) -> bool:
        """Whether what says that it was made then can be by this key."""
        return self.until is None or at <= self.until + LATE


Line = Sequence[OurKey]
"""Our keys, the oldest first."""


def succession_text(old: bytes, new: bytes, made_at: datetime) -> str:
    """One line of fields parted by "|"."""
    return "|".join(("succession-v1", old.hex(), new.hex(), _instant(made_at)))


def line_to(public_key: bytes, successions: Collection[Succession]) -> tuple[OurKey, ...]:
    """Every key that was handed on, one after the other, until this one, and this one last."""
    line = [OurKey(public_key)]
    known = {public_key}
    while True:
        before = [one for one in successions if one.new == line[0].public_key and one.holds]
        if len(before) != 1 or before[0].old in known:
            return tuple(line)
        line.insert(0, OurKey(before[0].old, before[0].made_at))
        known.add(before[0].old)


def followers(public_key: bytes, successions: Collection[Succession]) -> tuple[bytes, ...]:
    """Every key this one was handed on to, one after the other; where two claim it, none."""
    found = [public_key]
    while True:
        after = {one.new for one in successions if one.old == found[-1] and one.holds}
        if len(after) != 1 or after & set(found):
            return tuple(found[1:])
        found += after


def is_ours(line: Line, public_key: bytes, at: datetime) -> bool:
    """Whether this key is one of the line and could have signed what was made then."""
    return any(one.public_key == public_key and one.could_sign(at) for one in line)


def keys_on(line: Line, day: date, zone: tzinfo) -> list[bytes]:
    """Which of our keys signed on this day of the zone: none that was handed on before it."""
    return [
        one.public_key
        for one in line
        if one.until is None or day <= one.until.astimezone(zone).date()
    ]


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The key the union signs with (32 bytes), and the lines by which it was handed on to it."""

    key: bytes = field(repr=False)
    successions: tuple[Succession, ...] = ()

    @property
    def signer(self) -> Signer:
        """Who signs; SigningKeyMissingError without a key."""
        return Signer(self.key)

    @property
    def line(self) -> tuple[OurKey, ...]:
        """Our keys, the oldest first; none without a key."""
        return line_to(self.signer.public_key, self.successions) if self.key else ()

    @property
    def public_keys(self) -> frozenset[bytes]:
        """Every key that is or was ours, without asking when."""
        return frozenset(one.public_key for one in self.line)


def successions_in(held: Mapping[str, Any]) -> tuple[Succession, ...]:
    """What a secrets file says of them; KeyError, TypeError or ValueError if one is none."""
    return tuple(Succession.of(one) for one in held.get(SUCCESSIONS, ()))


def hand_on(file: Path, now: datetime) -> Succession:
    """Make a new signing key, hand the present one on to it, and forget the present one.

    One whole write: after a kill it has happened or not. SigningKeyMissingError without a key.
    """
    held = json.loads(file.read_text())
    if SIGNING_KEY not in held:
        raise SigningKeyMissingError
    old, fresh = Signer(base64.b64decode(held[SIGNING_KEY])), secrets.token_bytes(KEY_BYTES)
    new = Signer(fresh)
    text = succession_text(old.public_key, new.public_key, now).encode()
    made = Succession(
        old.public_key, new.public_key, now, old.sign(text).value, new.sign(text).value
    )
    lines = [*held.get(SUCCESSIONS, ()), made.said()]
    changed = {**held, SIGNING_KEY: base64.b64encode(fresh).decode(), SUCCESSIONS: lines}
    write_whole(file, json.dumps(changed).encode())
    return made


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
