"""Files that only a recipient kept elsewhere can open: written as they stream, never in the clear.

The content is a libsodium secretstream (XChaCha20-Poly1305 in pieces, the last one marked) whose
key lies in the head of the file in one sealed box for each recipient. A piece changed, moved,
left out or added does not open, nor does a file that was cut short.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from union.infra.machine_keys import sync_folder
from union.kernel.errors import UnionError

MAGIC = b"sangha-sealed-1\n"
PIECE = 64 * 1024
"""Bytes of content in every piece but the last."""

PUBLIC, SECRET = "sangha-for-", "sangha-opens-"
"""What a recipient's two halves begin with, so that nobody gives one for the other."""

_LENGTH = struct.Struct(">I")
_LONGEST_HEAD = 64 * 1024
_MORE = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_FINAL = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_GOES_ON = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE


class SealedFileDamagedError(UnionError):
    """A sealed file is not what was written: cut short, changed, or of another kind."""

    code = "sealed_file_damaged"


class SealedForOthersError(UnionError):
    """The key given opens no box of this file."""

    code = "sealed_for_others"


class RecipientUnreadableError(UnionError):
    """What was given as a recipient's key is none, or the other half of one."""

    code = "recipient_unreadable"


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was written: its length in bytes and its SHA-256 in hexadecimal."""

    bytes: int
    sha256: str


def new_recipient() -> tuple[str, str]:
    """A new pair as text: the half that opens, and the half that is given to whoever seals."""
    secret = PrivateKey.generate()
    return SECRET + _text(bytes(secret)), PUBLIC + _text(bytes(secret.public_key))


def recipient(said: str) -> PublicKey:
    """The half that seals; RecipientUnreadableError if the text is none."""
    return PublicKey(_bytes(said, PUBLIC))


def opener(said: str) -> PrivateKey:
    """The half that opens; RecipientUnreadableError if the text is none."""
    return PrivateKey(_bytes(said, SECRET))


def seal_file(
    file: Path, recipients: Sequence[PublicKey], what: str, content: Iterable[bytes]
) -> Sealed:
    """Write ``content`` sealed into ``file``, which is there whole and on the disk, or not at all.

    ``what`` is said in the head and asked for when it is opened, so that one kind of file is not
    taken for another. Whatever ``content`` raises is raised, and nothing stays.
    """
    half = file.with_name(f"{file.name}.part")
    try:
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            sealed = seal(opened, recipients, what, content)
            opened.flush()
            os.fsync(descriptor)
        half.replace(file)
    except BaseException:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)
    return sealed


def seal(
    target: IO[bytes], recipients: Sequence[PublicKey], what: str, content: Iterable[bytes]
) -> Sealed:
    """Write ``content`` sealed into an open file."""
    key = bindings.crypto_secretstream_xchacha20poly1305_keygen()
    boxes = [_text(bytes(SealedBox(one).encrypt(key))) for one in recipients]
    said = json.dumps({"what": what, "boxes": boxes}).encode()
    head = MAGIC + _LENGTH.pack(len(said)) + said
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    begin = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    hashed, length = hashlib.sha256(), 0
    about = hashlib.sha256(head).digest()
    for written in (head, begin):
        target.write(written)
        hashed.update(written)
        length += len(written)
    for piece, is_last in _pieces(content):
        tag = _FINAL if is_last else _GOES_ON
        written = bindings.crypto_secretstream_xchacha20poly1305_push(state, piece, about, tag)
        target.write(written)
        hashed.update(written)
        length += len(written)
    return Sealed(length, hashed.hexdigest())


def open_file(file: Path, secret: PrivateKey, what: str) -> Iterator[bytes]:
    """The content of a sealed file, piece by piece; each was found true before it is yielded.

    Only when the last one has come is it sure that none is missing: act on the whole, not before.
    SealedForOthersError or SealedFileDamagedError.
    """
    with file.open("rb") as source:
        state, about = _begin(source, secret, what)
        ended = False
        while not ended:
            sealed = source.read(PIECE + _MORE)
            try:
                piece, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(
                    state, sealed, about
                )
            except (CryptoError, RuntimeError, ValueError) as error:
                raise SealedFileDamagedError(what=what) from error
            ended = tag == _FINAL
            if ended and source.read(1):
                raise SealedFileDamagedError(what=what)
            yield piece


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file as it lies there, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _begin(
    source: IO[bytes], secret: PrivateKey, what: str
) -> tuple[bindings.crypto_secretstream_xchacha20poly1305_state, bytes]:
    start = source.read(len(MAGIC) + _LENGTH.size)
    if not start.startswith(MAGIC) or len(start) < len(MAGIC) + _LENGTH.size:
        raise SealedFileDamagedError(what=what)
    (length,) = _LENGTH.unpack(start[len(MAGIC) :])
    said = source.read(min(length, _LONGEST_HEAD))
    begin = source.read(bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
    try:
        head = json.loads(said)
        boxes = [base64.urlsafe_b64decode(box) for box in head["boxes"]]
        if head["what"] != what:
            raise SealedFileDamagedError(what=what)
    except (ValueError, KeyError, TypeError) as error:
        raise SealedFileDamagedError(what=what) from error
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    try:
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, begin, _key(boxes, secret))
    except (CryptoError, RuntimeError, ValueError) as error:
        raise SealedFileDamagedError(what=what) from error
    return state, hashlib.sha256(start + said).digest()


def _key(boxes: Sequence[bytes], secret: PrivateKey) -> bytes:
    for box in boxes:
        with suppress(CryptoError):
            return SealedBox(secret).decrypt(box)
    raise SealedForOthersError


def _pieces(content: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The content in pieces of one length, and whether each is the last, which may be empty."""
    held = bytearray()
    for part in content:
        held += part
        while len(held) > PIECE:
            yield bytes(held[:PIECE]), False
            del held[:PIECE]
    yield bytes(held), True


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def _bytes(said: str, kind: str) -> bytes:
    said = said.strip()
    try:
        raw = base64.urlsafe_b64decode(said.removeprefix(kind))
    except ValueError as error:
        raise RecipientUnreadableError from error
    if not said.startswith(kind) or len(raw) != PrivateKey.SIZE:
        raise RecipientUnreadableError
    return raw
