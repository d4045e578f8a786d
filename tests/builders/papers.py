"""Papers as a telephone or a scanner makes them: each one sound thing, as small as can be."""

from __future__ import annotations

import zlib


def _chunk(name: bytes, body: bytes) -> bytes:
    crc = zlib.crc32(name + body)
    return len(body).to_bytes(4) + name + body + crc.to_bytes(4)


def png(body: bytes = b"a bill", width: int = 2, height: int = 2) -> bytes:
    """A PNG in whose picture ``body`` stands; nobody here looks at the points."""
    head = width.to_bytes(4) + height.to_bytes(4) + bytes((8, 2, 0, 0, 0))
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", body), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def png_chunk(content: bytes, name: bytes, body: bytes) -> bytes:
    """The same PNG with one chunk more, before its end."""
    return content[:-12] + _chunk(name, body) + content[-12:]


def jpeg(body: bytes = b"a bill", width: int = 2, height: int = 2) -> bytes:
    """A JPEG in whose one scan ``body`` stands."""
    frame = b"\xff\xc0\x00\x0b\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x01\x01\x11\x00"
    return b"\xff\xd8" + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + body + b"\xff\xd9"


def webp(body: bytes = b"a bill", width: int = 2, height: int = 2) -> bytes:
    """A lossless WebP."""
    packed = ((width - 1) | (height - 1) << 14).to_bytes(4, "little")
    picture = b"\x2f" + packed + body
    chunk = b"VP8L" + len(picture).to_bytes(4, "little") + picture + b"\0" * (len(picture) % 2)
    return b"RIFF" + (4 + len(chunk)).to_bytes(4, "little") + b"WEBP" + chunk


def pdf(words: bytes = b"a bill") -> bytes:
    """A PDF of no pages that says ``words`` in a comment."""
    body = b"%PDF-1.7\n%" + words + b"\n1 0 obj\n<</Type/Catalog>>\nendobj\n"
    end = b"trailer\n<</Root 1 0 R/Size 2>>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"xref\n0 1\n0000000000 65535 f \n" + end
