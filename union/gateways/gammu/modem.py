"""Texts as files that gammu-smsd takes and leaves: one file a text, whole or not there at all.

It must never lose a file that came in: what is found is deleted only when its reader says so.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from union.gateways.port import GatewayUnreachableError, Receipt
from union.infra.ways_settings import GammuSettings

NAME = "gammu"
STUCK_S = 180
"""After so long in the outbox nobody takes the texts: pick-up is 20 to 35 s when all is well."""

TOO_LATE_S = 900
"""After so long a text is taken back: it was told another way meanwhile."""

SETTLED_S = 2
"""gammu-smsd writes into a file's final name: one that was just touched is left alone."""

READABLE = 0o660
_KEY = re.compile(r"m\d+-a\d+")
_OUT = re.compile(r"OUT.*_(m\d+-a\d+)\.txt\w*")
_IN = re.compile(r"IN(\d+_\d+_\d+)_(.*)_(\d\d)\.(txt|bin)")


@dataclass(frozen=True, slots=True)
class Found:
    """Something in the folders: a text that came in (`sender`), or what became of one (`key`).

    `name` tells it from all others, and may hold a number: it is not to be kept as it is.
    """

    files: Sequence[Path]
    name: str
    sender: str = ""
    text: str = ""
    key: str = ""
    word: str = ""

    def forget(self) -> None:
        """Take it from the disk, once it is kept elsewhere."""
        for file in self.files:
            file.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Modem:
    """One modem's folders. The same key is one file, wherever it has got to."""

    folder: Path

    def send(self, key: str, to_e164: str, text: str) -> Receipt:
        """Lay one text into the outbox; GatewayUnreachableError if nobody takes from there."""
        if _KEY.fullmatch(key) is None:
            raise ValueError("a key of ours has no such form")
        try:
            if not self._is_there(key):
                self._refuse_if_stuck()
                self._lay(key, to_e164, text)
        except OSError:
            raise GatewayUnreachableError from None
        return Receipt(NAME, key)

    def has_news(self) -> bool:
        """Whether something waits to be read: cheap, for it is asked every second.

        It never raises: who asks has others to look after. A folder that cannot be read shows in
        sending, and in nothing coming in.
        """
        try:
            return next(self._everything(), None) is not None
        except OSError:
            return False

    def look(self) -> list[Found]:
        """What came in and what became of our texts, oldest first."""
        return list(self._everything())

    def _everything(self) -> Iterator[Found]:
        for (name, sender), parts in groupby(self._came_in(), key=lambda part: part[:2]):
            files = [file for *_, file in parts]
            text = "".join(_text(file) for file in files)
            yield Found(files, f"{name}_{sender}", sender=sender, text=text)
        for place, word in (("sent", "sent"), ("error", "failed")):
            for file, key in self._ours(place):
                yield Found([file], file.name, key=key, word=word)
        for file, key in self._ours("outbox"):
            if _age(file) > TOO_LATE_S:
                yield Found([file], file.name, key=key, word="expired")

    def _came_in(self) -> list[tuple[str, str, str, Path]]:
        found = []
        for file in _files(self.folder / "inbox"):
            named = _IN.fullmatch(file.name)
            if named is not None:
                found.append((named[1], named[2], named[3], file))
        fresh = {part[:2] for part in found if _age(part[3]) < SETTLED_S}
        return sorted(part for part in found if part[:2] not in fresh)

    def _ours(self, place: str) -> Iterator[tuple[Path, str]]:
        for file in _files(self.folder / place):
            named = _OUT.fullmatch(file.name)
            if named is not None:
                yield file, named[1]

    def _is_there(self, key: str) -> bool:
        places = ("outbox", "sent", "error")
        return any(key == known for place in places for _file, known in self._ours(place))

    def _refuse_if_stuck(self) -> None:
        if any(_age(file) > STUCK_S for file, _key in self._ours("outbox")):
            raise GatewayUnreachableError

    def _lay(self, key: str, to_e164: str, text: str) -> None:
        outbox = self.folder / "outbox"
        message, _, attempt = key.partition("-a")
        order = f"{int(message[1:]):012d}_{int(attempt):02d}"
        # Hidden until it is whole: gammu-smsd passes over names that begin with a dot.
        part = outbox / f".{key}.part"
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, READABLE)
        with os.fdopen(descriptor, "wb") as file:
            # With a byte order mark it is read as Unicode, whatever the machine's language.
            file.write(text.encode("utf-16"))
            file.flush()
            os.fsync(file.fileno())
        part.replace(outbox / f"OUTB{order}_00_{to_e164}_{key}.txt")


def modem(settings: GammuSettings) -> Modem:
    """The modem by these settings."""
    return Modem(settings.folder)


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(file for file in folder.iterdir() if file.is_file())
    except FileNotFoundError:
        return []


def _age(file: Path) -> float:
    try:
        return time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _text(file: Path) -> str:
    """The words of one part; InboxFormat may be Unicode or not. Pictures and the like are none."""
    if file.suffix == ".bin":
        return ""
    content = file.read_bytes()
    if content[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8", errors="replace")
