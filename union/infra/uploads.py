"""Files that strangers could have made: whether they are one thing only, and small when opened.

Told by their content alone, walked from the first byte to the last: what lies behind the end is cut
off, what could be read as something else too is refused. Bytes in, bytes out; nothing is decoded,
no disk is touched and no name is believed.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping

MOST_SIDE = 20_000
MOST_POINTS = 64_000_000
"""Of a picture: more fills the memory of a telephone that shows it."""

MOST_UNPACKED = 64 * 1024 * 1024
MOST_ENTRIES = 2_000
MOST_RATIO = 200
_UNMINDED = 8 * 1024 * 1024
"""Bytes unpacked below which nobody asks how well they were packed."""

_PIECE = 256 * 1024

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP"} | {
    b"sBIT",
    b"pHYs",
    b"bKGD",
    b"eXIf",
}
_WEBP_KEPT = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP", b"EXIF"}
_MARK, _JPEG_END, _JPEG_SCAN = 0xFF, 0xD9, 0xDA
_JPEG_BARE = {0x01, *range(0xD0, 0xD8)}
_JPEG_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PDF_END = re.compile(rb"startxref\s+\d+\s+%%EOF")
_ZIP_END, _ZIP_END_WITHIN = b"PK\x05\x06", 66_000


class ArchiveUnsoundError(ValueError):
    """No archive, or one that says other things about itself than it holds."""


class ArchiveTooLargeError(ValueError):
    """It would unpack to more than anybody meant to send."""


def one_file_only(content: bytes, content_type: str) -> bytes | None:
    """The file without what lies behind its end; None if it is none, or could be another as well.

    PNG, JPEG, WebP and PDF; what it shows is not changed by a bit.
    """
    walk = _WALKS.get(content_type)
    try:
        return None if walk is None else walk(content)
    except (ValueError, IndexError):
        return None


def hold_archive(content: bytes) -> None:
    """Unpack an archive into nothing, counting.

    ArchiveTooLargeError, ArchiveUnsoundError. What it says of its own size is not believed.
    """
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if len(packed.infolist()) > MOST_ENTRIES:
                raise ArchiveTooLargeError
            for entry in packed.infolist():
                with packed.open(entry) as part:
                    while piece := part.read(_PIECE):
                        unpacked += len(piece)
                        _hold_size(unpacked, len(content))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ArchiveUnsoundError from error


def _hold_size(unpacked: int, packed: int) -> None:
    swollen = unpacked > _UNMINDED and unpacked > packed * MOST_RATIO
    if unpacked > MOST_UNPACKED or swollen:
        raise ArchiveTooLargeError


def _hold_points(width: int, height: int) -> None:
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE and width * height <= MOST_POINTS):
        raise ValueError(width, height)


def _png(content: bytes) -> bytes | None:
    kept, names = [_PNG], []
    for name, chunk in _png_chunks(content):
        if name == b"IHDR":
            _hold_points(int.from_bytes(chunk[8:12]), int.from_bytes(chunk[12:16]))
        if name in _PNG_KEPT:
            kept.append(chunk)
            names.append(name)
        elif name[0] < ord("a"):
            return None
    sound = names[:1] == [b"IHDR"] and names.count(b"IHDR") == 1 and b"IDAT" in names
    return b"".join(kept) if sound and names[-1] == b"IEND" else None


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk up to the last with its name; ValueError for one that is not whole."""
    at, name = len(_PNG), b""
    while name != b"IEND":
        name, ends = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4])
        whole = content[at + 4 : ends - 4]
        if not name.isalpha() or ends > len(content):
            raise ValueError(name)
        if zlib.crc32(whole) != int.from_bytes(content[ends - 4 : ends]):
            raise ValueError(name)
        yield name, content[at:ends]
        at = ends


def _jpeg(content: bytes) -> bytes | None:
    at, frames = 2, 0
    while content[at] == _MARK:
        marker = content[at + 1]
        if marker == _JPEG_END:
            return content[: at + 2] if frames == 1 else None
        if marker == _MARK or marker in _JPEG_BARE:
            at += 1 if marker == _MARK else 2
            continue
        size = int.from_bytes(content[at + 2 : at + 4])
        if marker in _JPEG_FRAMES:
            frames += 1
            _hold_points(
                int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])
            )
        at += 2 + size
        if marker == _JPEG_SCAN:
            at = _after_scan(content, at)
    return None


def _after_scan(content: bytes, at: int) -> int:
    """Where the next marker stands that is none of a scan's own; ValueError if there is none."""
    while True:
        at = content.index(b"\xff", at)
        following = content[at + 1]
        if following not in {0x00, _MARK} and following not in _JPEG_BARE:
            return at
        at += 1 if following == _MARK else 2


def _webp(content: bytes) -> bytes | None:
    ends = 8 + int.from_bytes(content[4:8], "little")
    kept, names, at = [], [], 12
    while at < ends:
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        chunk = content[at : at + 8 + size + size % 2]
        at += len(chunk)
        if len(chunk) != 8 + size + size % 2 or at > ends:
            return None
        _hold_points(*_webp_size(name, chunk[8:]))
        if name in _WEBP_KEPT:
            kept.append(chunk)
            names.append(name)
    if names[:1] not in ([b"VP8X"], [b"VP8 "], [b"VP8L"]):
        return None
    body = b"".join([b"WEBP", *kept])
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _webp_size(name: bytes, body: bytes) -> tuple[int, int]:
    """How large the picture is by this chunk; one point for a chunk that does not say."""
    if name == b"VP8X":
        return (
            int.from_bytes(body[4:7], "little") + 1,
            int.from_bytes(body[7:10], "little") + 1,
        )
    if name == b"VP8 ":
        whole = int.from_bytes(body[6:10], "little")
        return whole & 0x3FFF, whole >> 16 & 0x3FFF
    if name == b"VP8L":
        whole = int.from_bytes(body[1:5], "little")
        return (whole & 0x3FFF) + 1, (whole >> 14 & 0x3FFF) + 1
    return 1, 1


def _pdf(content: bytes) -> bytes | None:
    """From its first byte to its last end mark; one that ends like an archive too is refused."""
    ends = [found.end() for found in _PDF_END.finditer(content)]
    if not ends or not content.startswith(b"%PDF-"):
        return None
    cut = content[: ends[-1]] + b"\n"
    return None if _ZIP_END in cut[-_ZIP_END_WITHIN:] else cut


_WALKS: Mapping[str, Callable[[bytes], bytes | None]] = {
    "application/pdf": _pdf,
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
}
