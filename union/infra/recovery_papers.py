"""A trustee's paper as letters, and what two of them open on a machine that knows no database.

Owns how a secret is written so that a slip of the pen is found in its group, and the ceremony over
a file of boxes; pure, it keeps nothing and asks nobody. While two papers are read, the whole
recovery key is in this one process: that is what recovery is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from nacl.public import PrivateKey

from union.infra.pair_boxes import Pair, PairBoxWrongError, close, peel, secret_half
from union.kernel.errors import UnionError
from union.kernel.ids import ALPHABET

_LETTERS = 52
"""Letters of five bits that thirty-two bytes take."""

GROUP = 4
"""Letters in a group, and one more that checks them."""

_FIELD = 0b100101
"""x⁵ + x² + 1: by it five bits are multiplied (GF(32))."""

_LOOKALIKES = str.maketrans("oil", "011")
_FIGURES = 16
PROOF_BYTES = 32
"""So many bytes behind a lock's secret prove that two papers opened its box."""


class PaperMiswrittenError(UnionError):
    """A group of a paper does not check; ``group`` says which, counted from one."""

    code = "paper_miswritten"


class PaperNotOfThisSetError(UnionError):
    """A paper that opens no box of these: of an older set, or of nobody's."""

    code = "paper_not_of_this_set"


class OnePaperTwiceError(UnionError):
    """It takes two papers, of two people."""

    code = "one_paper_twice"


class ExportUnreadableError(UnionError):
    """The file is none that was written for this."""

    code = "export_unreadable"


@dataclass(frozen=True, slots=True)
class LockBox:
    """A standing lock of the office: its secret and a proof behind it, wrapped for the set.

    ``public_key`` is empty where nothing was covered and the proof is alone in the box.
    """

    lock_id: int
    public_key: bytes
    wrapped: bytes
    proof_sha256: bytes


@dataclass(frozen=True, slots=True)
class Boxes:
    """A recovery set as it is taken to a machine off the net: nothing in it is a secret by itself.

    ``wraps`` holds each circle's public half and its secret half wrapped for the set; ``target``
    is the person who is let in, and her public half.
    """

    public_key: bytes
    papers: Mapping[int, bytes]
    boxes: Mapping[Pair, bytes]
    canary: bytes
    wraps: Mapping[str, tuple[bytes, bytes]] = field(default_factory=dict)
    target: tuple[int, bytes] | None = None
    lock: LockBox | None = None

    def said(self) -> dict[str, Any]:
        """As plain values, for a file."""
        return {
            "kind": "recovery-1",
            "public_key": self.public_key.hex(),
            "papers": {str(number): key.hex() for number, key in self.papers.items()},
            "boxes": [[first, second, box.hex()] for (first, second), box in self.boxes.items()],
            "canary": self.canary.hex(),
            "wraps": {name: [key.hex(), box.hex()] for name, (key, box) in self.wraps.items()},
            "target": None if self.target is None else [self.target[0], self.target[1].hex()],
            "lock": None if self.lock is None else _lock_said(self.lock),
        }

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Boxes:
        """What a file says; ExportUnreadableError if it is none of these."""
        try:
            target, lock = said["target"], said.get("lock")
            return cls(
                bytes.fromhex(said["public_key"]),
                {int(number): bytes.fromhex(key) for number, key in said["papers"].items()},
                {(first, second): bytes.fromhex(box) for first, second, box in said["boxes"]},
                bytes.fromhex(said["canary"]),
                {
                    str(name): (bytes.fromhex(key), bytes.fromhex(box))
                    for name, (key, box) in said["wraps"].items()
                },
                None if target is None else (int(target[0]), bytes.fromhex(target[1])),
                None if lock is None else LockBox(int(lock[0]), *map(bytes.fromhex, lock[1:])),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ExportUnreadableError from error


def write_paper(secret: bytes) -> list[str]:
    """A secret of thirty-two bytes as thirteen groups of five letters, the fifth a check."""
    number = int.from_bytes(secret)
    values = [number >> 5 * place & 31 for place in reversed(range(_LETTERS))]
    groups = [values[at : at + GROUP] for at in range(0, _LETTERS, GROUP)]
    return [
        "".join(ALPHABET[value] for value in (*group, _check(place, group))).upper()
        for place, group in enumerate(groups)
    ]


def read_paper(text: str) -> PrivateKey:
    """The secret that was written, however it was typed; PaperMiswrittenError with the group."""
    letters = "".join(sign for sign in text.casefold() if sign.isalnum()).translate(_LOOKALIKES)
    whole = _LETTERS // GROUP
    if len(letters) != whole * (GROUP + 1):
        raise PaperMiswrittenError(group=len(letters) // (GROUP + 1) + 1)
    number = 0
    for place in range(whole):
        written = letters[place * (GROUP + 1) : (place + 1) * (GROUP + 1)]
        values = [ALPHABET.find(sign) for sign in written]
        if -1 in values or values[-1] != _check(place, values[:-1]):
            raise PaperMiswrittenError(group=place + 1)
        for value in values[:-1]:
            number = number << 5 | value
    if number >> 256:
        raise PaperMiswrittenError(group=1)
    return PrivateKey(number.to_bytes(32))


def figures_of(public_key: bytes) -> str:
    """A public key as people compare it: sixteen figures of its hash, in groups of four."""
    figures = hashlib.sha256(public_key).hexdigest()[:_FIGURES]
    return " ".join(figures[at : at + 4] for at in range(0, _FIGURES, 4))


def open_set(boxes: Boxes, first: PrivateKey, second: PrivateKey) -> PrivateKey:
    """The recovery key, by two papers in either order.

    OnePaperTwiceError; PaperNotOfThisSetError; PairBoxWrongError where a box was exchanged.
    """
    numbers = {key: number for number, key in boxes.papers.items()}
    mine = [numbers.get(bytes(paper.public_key)) for paper in (first, second)]
    if bytes(first) == bytes(second):
        raise OnePaperTwiceError
    if mine[0] is None or mine[1] is None or (mine[0], mine[1]) not in boxes.boxes:
        raise PaperNotOfThisSetError
    inner = peel(boxes.boxes[mine[0], mine[1]], first)
    return secret_half(peel(inner, second), boxes.public_key)


def rehearse(boxes: Boxes, first: PrivateKey, second: PrivateKey) -> bytes:
    """What lies in the canary, once every wrap has been opened too; nothing of those leaves here.

    PairBoxWrongError where the lock's box is not the lock's, or a wrap is not of the circle that it
    stands under: an older set's boxes are removed only after a rehearsal of this one.
    """
    recovery = open_set(boxes, first, second)
    if _shut(boxes, recovery):
        raise PairBoxWrongError
    return peel(boxes.canary, recovery)


def shut_circles(boxes: Boxes, first: PrivateKey, second: PrivateKey) -> list[str]:
    """The circles whose wrap two papers do not open to the circle's own secret half.

    A standing lock is tried first: PairBoxWrongError where its box is not the lock's.
    """
    return _shut(boxes, open_set(boxes, first, second))


def wrap_for_target(boxes: Boxes, first: PrivateKey, second: PrivateKey) -> dict[str, bytes]:
    """Each circle's secret half wrapped for the one who is let in; none leaves here bare.

    A circle whose wrap is not its own is left out (``shut_circles``): one that somebody forged
    keeps no other from opening.
    """
    if boxes.target is None:
        raise ExportUnreadableError
    opened = _opened(boxes, open_set(boxes, first, second))
    return {circle: close(bytes(half), boxes.target[1]) for circle, half in opened.items()}


def wrap_lock_for_target(
    boxes: Boxes, first: PrivateKey, second: PrivateKey
) -> tuple[int, bytes] | None:
    """The standing lock's number, and its secret wrapped for the one who is let in.

    None if the office was not locked. PairBoxWrongError where it is not this lock's.
    """
    if boxes.target is None or boxes.lock is None:
        return None
    content = _lock_opened(boxes.lock, open_set(boxes, first, second))
    return boxes.lock.lock_id, close(content, boxes.target[1])


def halves_of(
    content: bytes, public_key: bytes, proof_sha256: bytes
) -> tuple[PrivateKey | None, bytes]:
    """What lay in a lock's box: its secret, None where nothing was covered, and the proof.

    PairBoxWrongError if either is not this lock's.
    """
    secret, proof = content[:-PROOF_BYTES], content[-PROOF_BYTES:]
    if hashlib.sha256(proof).digest() != proof_sha256:
        raise PairBoxWrongError
    return (secret_half(secret, public_key) if public_key else None), proof


def _shut(boxes: Boxes, recovery: PrivateKey) -> list[str]:
    if boxes.lock is not None:
        _lock_opened(boxes.lock, recovery)
    return sorted(boxes.wraps.keys() - _opened(boxes, recovery).keys())


def _lock_opened(lock: LockBox, recovery: PrivateKey) -> bytes:
    content = peel(lock.wrapped, recovery)
    halves_of(content, lock.public_key, lock.proof_sha256)
    return content


def _lock_said(lock: LockBox) -> list[Any]:
    return [
        lock.lock_id,
        *(part.hex() for part in (lock.public_key, lock.wrapped, lock.proof_sha256)),
    ]


def _opened(boxes: Boxes, recovery: PrivateKey) -> dict[str, PrivateKey]:
    """Those that open to their own secret half, and no other."""
    opened = {}
    for circle, (public_key, wrapped) in boxes.wraps.items():
        with suppress(PairBoxWrongError):
            opened[circle] = secret_half(peel(wrapped, recovery), public_key)
    return opened


def _check(place: int, values: Sequence[int]) -> int:
    """A sign that finds one wrong letter, two exchanged, and a group in another's place."""
    check, weight = place + 1, 1
    for value in values:
        weight = _times(weight, 2)
        check ^= _times(weight, value)
    return check


def _times(one: int, other: int) -> int:
    product = 0
    for bit in range(5):
        if other >> bit & 1:
            product ^= one << bit
    for bit in range(9, 4, -1):
        if product >> bit & 1:
            product ^= _FIELD << bit - 5
    return product
