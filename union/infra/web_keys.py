"""The web key: what cookies and forms are signed with, and how one is exchanged for another.

Owns its part of the secrets file. Whatever was signed with the key before counts until an instant
that lies in the file, too; whoever exchanges it never ends a sign-in or spoils an open form, unless
asked to. Each step is one whole write, so that a kill leaves the step before it or the next.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from union.infra.machine_keys import KEY_BYTES, write_whole

CURRENT = "web_key"
NEXT = "web_key_next"
BEFORE = "web_keys_before"


class Step(StrEnum):
    """How far an exchange has come."""

    BEGUN = "web_key_begun"
    """The next key counts, and nothing is signed with it yet."""

    USED = "web_key_used"
    """All is signed with it; what the one before signed counts for a time."""

    DROPPED = "web_key_dropped"
    """The one before is forgotten."""


@dataclass(frozen=True, slots=True)
class WebKeys:
    """The key that signs, one that is to follow it, and those of before with their last instant."""

    current: bytes = field(repr=False)
    next: bytes | None = field(default=None, repr=False)
    before: tuple[tuple[datetime, bytes], ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, held: Mapping[str, Any]) -> WebKeys:
        """What a secrets file says; KeyError, TypeError or ValueError if it says none."""
        following = held.get(NEXT)
        return cls(
            _read(held[CURRENT]),
            None if following is None else _read(following),
            tuple(
                (datetime.fromisoformat(one["until"]), _read(one["key"]))
                for one in held.get(BEFORE, ())
            ),
        )

    @property
    def all(self) -> list[bytes]:
        """Every one of them."""
        following = [] if self.next is None else [self.next]
        return [*(key for _until, key in self.before), *following, self.current]

    def counting(self, now: datetime) -> list[bytes]:
        """What a signature may be by at this instant; the last is the one that signs."""
        of_before = [key for until, key in self.before if now < until]
        following = [] if self.next is None else [self.next]
        return [*of_before, *following, self.current]

    @property
    def reached(self) -> Step | None:
        """How far an exchange that is not ended has come; None if none goes on."""
        if self.next is not None:
            return Step.BEGUN
        return Step.USED if self.before else None

    def last_until(self) -> datetime | None:
        """Until when one of before counts; None if there is none."""
        return max((until for until, _key in self.before), default=None)

    def said(self) -> dict[str, Any]:
        """As a secrets file holds them."""
        said: dict[str, Any] = {CURRENT: _said(self.current)}
        if self.next is not None:
            said[NEXT] = _said(self.next)
        if self.before:
            said[BEFORE] = [
                {"until": until.isoformat(), "key": _said(key)} for until, key in self.before
            ]
        return said


@dataclass(frozen=True, slots=True)
class Exchanged:
    """Where an exchange stands, and until when the key before counts, if one does."""

    step: Step
    until: datetime | None = None


def exchange(file: Path, now: datetime, lasts: timedelta, *, only_begin: bool = False) -> Exchanged:
    """Go on with an exchange, or begin one; what is done already is passed over.

    First the next key counts; then it signs, and the one before counts for ``lasts`` more; asked
    again after that, the one before is forgotten. ``only_begin`` stops after the first of these.
    """
    keys = WebKeys.of(json.loads(file.read_text()))
    until = keys.last_until()
    if keys.next is None and until is not None:
        if now < until:
            return Exchanged(Step.USED, until)
        forget_before(file)
        return Exchanged(Step.DROPPED)
    if keys.next is None:
        keys = add_next(file)
    if only_begin:
        return Exchanged(Step.BEGUN)
    return Exchanged(Step.USED, use_next(file, now + lasts).last_until())


def add_next(file: Path) -> WebKeys:
    """Let the file hold the key that is to follow."""
    made = secrets.token_bytes(KEY_BYTES)
    return _keep(file, lambda held: replace(held, next=held.next or made))


def use_next(file: Path, until: datetime) -> WebKeys:
    """From now on the next key signs; what the present one signed counts until then."""
    return _keep(
        file,
        lambda held: (
            held
            if held.next is None
            else WebKeys(held.next, None, (*held.before, (until, held.current)))
        ),
    )


def forget_before(file: Path) -> WebKeys:
    """Let no key of before lie in the file."""
    return _keep(file, lambda held: replace(held, before=()))


def exchange_at_once(file: Path) -> Exchanged:
    """Another key signs and none before it counts: every sign-in and every open form ends."""
    made = secrets.token_bytes(KEY_BYTES)
    _keep(file, lambda _held: WebKeys(made))
    return Exchanged(Step.DROPPED)


def _keep(file: Path, change: Callable[[WebKeys], WebKeys]) -> WebKeys:
    """Change these keys in the file and nothing else in it; what is so already is not written."""
    whole = json.loads(file.read_text())
    before = WebKeys.of(whole)
    after = change(before)
    if after != before:
        others = {name: one for name, one in whole.items() if name not in {CURRENT, NEXT, BEFORE}}
        write_whole(file, json.dumps({**others, **after.said()}).encode())
    return after


def _read(said: str) -> bytes:
    return base64.b64decode(said, validate=True)


def _said(key: bytes) -> str:
    return base64.b64encode(key).decode()
