"""What a camera writes beside a picture, left out: where it was taken, when, with which telephone.

Nothing of the picture itself changes; it is only copied piece by piece. Whether it stands upright
is kept, colours too. What cannot be followed is copied as it came, never guessed at.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from union.ledger.rules.pdfs import without_pdf_notes

_JPEG_KEPT_APPS = {0xE0, 0xEE}
"""JFIF, and Adobe's word on colours; a colour profile stays too, all other notes go."""

_MARK, _COMMENT, _SCAN, _END = 0xFF, 0xFE, 0xDA, 0xD9
_APP_FIRST, _EXIF_APP, _PROFILE_APP, _APP_LAST = 0xE0, 0xE1, 0xE2, 0xEF
_SHORTEST, _CHUNK_HEAD = 4, 8
_BARE = {0x01, *range(0xD0, 0xD8)}
_EXIF, _PROFILE = b"Exif\x00\x00", b"ICC_PROFILE\x00"
_ORIENTATION, _SHORT = 0x0112, 3
_TURNS = range(1, 9)
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_LEFT_OUT = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_WEBP_LEFT_OUT = {b"EXIF", b"XMP "}
_WEBP_FLAGS = 0b00001100
"""The bits of VP8X that promise EXIF and XMP."""


def without_notes(content: bytes, content_type: str) -> bytes:
    """The same picture or PDF without what was written beside it."""
    if content_type == "application/pdf":
        return without_pdf_notes(content)
    if content_type == "image/jpeg":
        return _jpeg(content)
    if content_type == "image/png":
        return _png(content)
    if content_type == "image/webp":
        return _webp(content)
    return content


def _jpeg(content: bytes) -> bytes:
    kept, turn = [], 1
    for marker, piece in _jpeg_pieces(content):
        if marker == _EXIF_APP:
            turn = _turn(piece) or turn
        elif not _is_note(marker, piece):
            kept.append((marker, piece))
    if turn != 1 and kept:
        at = 1 if kept[0][0] == _APP_FIRST else 0
        kept.insert(at, (_EXIF_APP, _upright(turn)))
    return content[:2] + b"".join(piece for _marker, piece in kept)


def _is_note(marker: int, piece: bytes) -> bool:
    if marker == _PROFILE_APP:
        return not piece[4:].startswith(_PROFILE)
    others = _APP_FIRST <= marker <= _APP_LAST and marker not in _JPEG_KEPT_APPS
    return others or marker == _COMMENT


def _jpeg_pieces(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment with its marker; what follows the picture's end is left out."""
    at = 2
    while at + _SHORTEST <= len(content) and content[at] == _MARK and content[at + 1] != _END:
        marker = content[at + 1]
        if marker == _MARK:
            at += 1
            continue
        ends = at + 2
        if marker not in _BARE:
            ends += int.from_bytes(content[at + 2 : at + 4])
        if marker == _SCAN:
            ends = _scan_ends(content, ends)
        yield marker, content[at:ends]
        at = ends
    end = bytes((_MARK, _END))
    yield _END, end if content[at : at + 2] == end else content[at:]


def _scan_ends(content: bytes, at: int) -> int:
    """Where the picture's own bytes stop: at the next marker that is none of theirs."""
    while (at := content.find(_MARK, at)) != -1 and at + 1 < len(content):
        following = content[at + 1]
        if following not in {0x00, _MARK} and following not in _BARE:
            return at
        at += 1 if following == _MARK else 2
    return len(content)


def _turn(piece: bytes) -> int | None:
    """Which way up it says it is, 1 to 8."""
    tiff = piece[10:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if not piece[4:].startswith(_EXIF) or order is None:
        return None
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for number in range(count):
            tag, kind, _many, value = struct.unpack_from(
                f"{order}HHIH", tiff, first + 2 + 12 * number
            )
            if tag == _ORIENTATION and kind == _SHORT and value in _TURNS:
                return int(value)
    except struct.error:
        return None
    return None


def _upright(turn: int) -> bytes:
    """The shortest EXIF there is: which way up, and nothing else."""
    tiff = struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, _ORIENTATION, _SHORT, 1, turn, 0, 0)
    body = _EXIF + tiff
    return struct.pack(">BBH", 0xFF, _EXIF_APP, len(body) + 2) + body


def _png(content: bytes) -> bytes:
    kept, at = [_PNG_HEAD], len(_PNG_HEAD)
    while at + 12 <= len(content):
        ends = at + 12 + int.from_bytes(content[at : at + 4])
        name = content[at + 4 : at + 8]
        if name not in _PNG_LEFT_OUT:
            kept.append(content[at:ends])
        at = ends
        if name == b"IEND":
            return b"".join(kept)
    return b"".join([*kept, content[at:]])


def _webp(content: bytes) -> bytes:
    kept, at = [], 12
    while at + 8 <= len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        ends = at + 8 + size + size % 2
        name, piece = content[at : at + 4], content[at:ends]
        if name == b"VP8X" and len(piece) > _CHUNK_HEAD:
            piece = piece[:8] + bytes((piece[8] & ~_WEBP_FLAGS & 0xFF,)) + piece[9:]
        if name not in _WEBP_LEFT_OUT:
            kept.append(piece)
        at = ends
    body = b"".join([b"WEBP", *kept, content[at:]])
    if body == content[8:]:
        return content
    return b"RIFF" + len(body).to_bytes(4, "little") + body
