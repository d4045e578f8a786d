"""Finding a word in bytes however it is wrapped: written, coded, packed, or one inside another.

Looks and must never change what it looks at. What it can find is proven in its own test; a word
that is enciphered it cannot find, and that is the point.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import quopri
import re
import zlib
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, quote_plus

DEPTH = 5
"""Wrappings inside each other that are opened."""

MOST_OPENED = 64 * 1024 * 1024
"""Bytes of one packed piece that are looked at."""

NATIONAL = 10
"""The last digits of a telephone number that are enough to find somebody by."""

_PACKED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]|PK\x03\x04")
_CODED = re.compile(rb"[A-Za-z0-9+/_-]{12,}={0,2}")
_BROKEN_CODED = re.compile(rb"(?:[A-Za-z0-9+/]{60,76}\r?\n)+[A-Za-z0-9+/]*={0,2}")
_QUOTED = re.compile(rb"=(?:[0-9A-F]{2}|\r?\n)")
_HEX = re.compile(rb"[0-9A-Fa-f]{12,}")
_LOCAL_HEAD = 30
_GZIP, _RAW = 31, -15
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


def find(data: bytes, words: Collection[str]) -> set[str]:
    """Which of the words stand in these bytes, in whatever wrapping."""
    wanted = {word: _ways_to_write(word) for word in words}
    found: set[str] = set()
    for layer in _layers(data):
        _look(layer, wanted, found)
    return found


def find_all(data: bytes, pattern: re.Pattern[bytes]) -> set[str]:
    """Every different match in these bytes, in whatever wrapping; the pattern is of small letters.

    What is written in two or four bytes a letter is found too.
    """
    found: set[bytes] = set()
    for layer in _layers(data):
        lower = layer.lower()
        found.update(match[0] for match in pattern.finditer(lower))
        if b"\0" in lower:
            found.update(match[0] for match in pattern.finditer(lower.replace(b"\0", b"")))
    return {one.decode() for one in found}


def find_in_files(folder: Path, words: Collection[str]) -> dict[str, set[str]]:
    """Of each file below a folder the words that stand in it or in its name; {} where none does."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        seen = find(name.encode(errors="surrogateescape"), words)
        if path.is_file() and not path.is_symlink():
            seen |= find(path.read_bytes(), words)
        if seen:
            found[name] = seen
    return found


def _look(layer: bytes, wanted: Mapping[str, Collection[bytes]], found: set[str]) -> None:
    lower = layer.lower()
    for word, ways in wanted.items():
        if word not in found and any(way in lower for way in ways):
            found.add(word)


@lru_cache(maxsize=4096)
def _ways_to_write(word: str) -> frozenset[bytes]:
    """The word as programs write it, all in small letters: ciphers aside, case hides nothing."""
    escaped = json.dumps(word)[1:-1]
    texts = {
        word,
        escaped,
        escaped.replace("\\", "\\\\"),
        quote(word),
        quote_plus(word),
        quote(word, safe=""),
        html.escape(word),
        repr(word)[1:-1],
    }
    ways = {text.lower().encode() for text in texts}
    ways.add(quopri.encodestring(word.encode()).strip().lower())
    ways.update(word.lower().encode(wide) for wide in _WIDE)
    ways.update(word.encode(wide).lower() for wide in _WIDE)
    if word.startswith("+"):
        ways.update(_ways_to_write(word[-NATIONAL:]))
    return frozenset(ways)


def _layers(data: bytes) -> Iterator[bytes]:
    """The bytes, and all that is wrapped in them, each once."""
    seen: set[int] = set()
    fresh = [data]
    for _ in range(DEPTH):
        deeper: list[bytes] = []
        for layer in fresh:
            if hash(layer) in seen:
                continue
            seen.add(hash(layer))
            yield layer
            deeper.extend(_opened(layer))
        fresh = deeper


def _opened(layer: bytes) -> Iterator[bytes]:
    for match in _PACKED.finditer(layer):
        plain = _unpacked(layer, match.start(), match[0])
        if plain:
            yield plain
    for match in _CODED.finditer(layer):
        yield from _decoded(match[0])
    for match in _BROKEN_CODED.finditer(layer):
        yield from _decoded(re.sub(rb"\s", b"", match[0]))
    if _QUOTED.search(layer):
        yield quopri.decodestring(layer)
    if b"&#" in layer:
        yield html.unescape(layer.decode(errors="replace")).encode()
    for match in _HEX.finditer(layer):
        for run in (match[0], match[0][1:]):
            yield binascii.unhexlify(run[: len(run) // 2 * 2])


def _unpacked(layer: bytes, at: int, magic: bytes) -> bytes:
    """What was packed from here on, as far as it can be read: a torn stream tells its beginning."""
    if magic == b"PK\x03\x04":
        names = int.from_bytes(layer[at + 26 : at + 28], "little")
        more = int.from_bytes(layer[at + 28 : at + 30], "little")
        return _inflated(layer, at + _LOCAL_HEAD + names + more, _RAW)
    return _inflated(layer, at, _GZIP if magic[0] == 0x1F else zlib.MAX_WBITS)


def _inflated(layer: bytes, at: int, window: int) -> bytes:
    opener, plain, step = zlib.decompressobj(window), bytearray(), 64 * 1024
    try:
        for start in range(at, len(layer), step):
            plain += opener.decompress(layer[start : start + step])
            if opener.eof or len(plain) > MOST_OPENED:
                break
    except zlib.error:
        return bytes(plain)
    return bytes(plain)


def _decoded(run: bytes) -> Iterator[bytes]:
    """A run of base64, also where its beginning belongs to something else."""
    plain = run.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    for offset in range(4):
        part = plain[offset:]
        whole = part[: len(part) // 4 * 4 + (len(part) % 4 if len(part) % 4 != 1 else 0)]
        yield base64.b64decode(whole + b"=" * (-len(whole) % 4))
