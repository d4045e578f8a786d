#!/usr/bin/env python3
"""Checks certificates of erasure: python3 verify_certificate.py CERTIFICATE.txt [MORE.txt ...].

Needs nothing but Python. Checks the signature under each (Ed25519, written out below from RFC
8032), that what it counts is what it lists, and, of certificates that follow one another, that each
stands on the one before. --key FINGERPRINT, once or more: each must be signed by one of these keys.
--keys FILE: the one --key was handed on to others by the signed lines of this file (a copy of the
books or its keys.jsonl); each must be signed by one of them, of its time. --ref REFERENCE: the key
of this reference must be among those destroyed. Ends with 0 if all is well, with 1 if something is
not as it was signed, with 2 if a file cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

Row = dict[str, Any]
Point = tuple[int, int, int, int]

FIRST_LINE = "sangha-certificate-1"
FIRST = bytes(32)
# The four verifiers are alike from here (a test compares them), each a file that stands alone.
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT = pow(2, (PRIME - 1) // 4, PRIME)
NEUTRAL = (0, 1, 1, 0)
BYTES = 32
GRACE = timedelta(hours=1)
ENOUGH = 16  # figures of a fingerprint; fewer somebody could find a key for by trying


def add(one: Point, two: Point) -> Point:
    """The sum of two points of the curve in extended coordinates."""
    a = (one[1] - one[0]) * (two[1] - two[0]) % PRIME
    b = (one[1] + one[0]) * (two[1] + two[0]) % PRIME
    c = 2 * one[3] * two[3] * CURVE_D % PRIME
    d = 2 * one[2] * two[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def times(number: int, point: Point) -> Point:
    """A point added to itself so many times."""
    total = NEUTRAL
    while number:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def same(one: Point, two: Point) -> bool:
    """Whether two points are one."""
    return not (
        (one[0] * two[2] - two[0] * one[2]) % PRIME or (one[1] * two[2] - two[1] * one[2]) % PRIME
    )


def point_of(encoded: bytes) -> Point | None:
    """The point that 32 bytes stand for; None if they stand for none, or not in the one way."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if len(encoded) != BYTES or y >= PRIME:
        return None
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


BASE = point_of((4 * pow(5, PRIME - 2, PRIME) % PRIME).to_bytes(BYTES, "little")) or NEUTRAL


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature holds; one that is not in its only form never does."""
    key, first, scalar = point_of(public_key), point_of(signature[:BYTES]), signature[BYTES:]
    number = int.from_bytes(scalar, "little")
    if key is None or first is None or len(scalar) != BYTES or number >= ORDER:
        return False
    if same(times(8, key), NEUTRAL):
        return False
    asked = hashlib.sha512(signature[:BYTES] + public_key + message).digest()
    challenge = int.from_bytes(asked, "little") % ORDER
    return same(times(number, BASE), add(first, times(challenge, key)))


def print_of(public_key: bytes) -> str:
    """A public key as people compare it."""
    figures = hashlib.sha256(public_key).hexdigest()[:32]
    return " ".join(figures[at : at + 4] for at in range(0, 32, 4))


def shown(key: str) -> str:
    """A public key, given in hex, as people compare it."""
    return print_of(bytes.fromhex(key))


def noted_key(words: str) -> str:
    """A fingerprint as it was noted, or so many of its figures that none can be made alike."""
    figures = "".join(words.split()).lower()
    if len(figures) < ENOUGH or set(figures) - set("0123456789abcdef"):
        raise argparse.ArgumentTypeError(f"give {ENOUGH} or more figures of the one you noted")
    return figures


class Succession:
    """How keys were handed on, and everything found wrong in it.

    A key that belongs to the noted one may have signed what says that it was made before it was
    handed on, or in the hour after; and nothing after anything that a later key has signed.
    """

    def __init__(self, lines: list[Row]) -> None:
        """``lines`` say who followed whom; one that not both signed is refused."""
        self.wrong: list[str] = []
        self.until: dict[str, datetime] = {}
        self.after: dict[str, str] = {}
        told = Counter((name, one[name]) for one in lines for name in ("old", "new"))
        for one in lines:
            old, new = one["old"], one["new"]
            text = "|".join(("succession-v1", old, new, one["made_at"])).encode()
            both = ((old, one["by_old"]), (new, one["by_new"]))
            if not all(is_signed(bytes.fromhex(key), text, bytes.fromhex(by)) for key, by in both):
                self.wrong.append(f"That key {shown(old)} was handed on, not both have signed.")
            elif told["old", old] > 1 or told["new", new] > 1:
                self.wrong.append(f"Key {shown(old)} was handed on twice, or another to the same.")
            else:
                self.after[old] = new
                self.until[old] = datetime.fromisoformat(one["made_at"])

    def check(self, noted: str, signed: list[tuple[str, str, str]]) -> list[str]:
        """Ask by which key each thing is signed, and when; the keys that belong to the noted one.

        ``signed`` are what it is, its key and its instant, in their order; the oldest key is first.
        """
        known = {*self.after, *self.after.values(), *(key for _, key, _ in signed)}
        own = [one for one in known if shown(one).replace(" ", "").startswith(noted)]
        if len(own) != 1:
            self.wrong.append(f"The key {noted} is not in this file.")
            return []
        before = {new: old for old, new in self.after.items()}
        line = [*reversed(follow(own[0], before)[1:]), *follow(own[0], self.after)]
        for old in sorted(self.after.keys() - line):
            self.wrong.append(f"No line leads from the noted key to {shown(old)}: one is missing.")
        reached = 0
        for what, key, made_at in signed:
            until = self.until.get(key)
            if key not in line:
                self.wrong.append(f"{what} names another key: {shown(key)}.")
                continue
            late = until and datetime.fromisoformat(made_at) > until + GRACE
            if late or line.index(key) < reached:
                self.wrong.append(f"{what} names key {shown(key)}, which was handed on before.")
            reached = max(reached, line.index(key))
        return line


def follow(key: str, after: dict[str, str]) -> list[str]:
    """A key and those it was handed on to, one after the other."""
    line = [key]
    while after.get(line[-1], key) not in line:
        line.append(after[line[-1]])
    return line


def lines_in(path: str) -> list[Row]:
    """How keys were handed on: ``keys.jsonl``, alone or in a copy; nothing in an older copy."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as file:
            held = file.read("keys.jsonl") if "keys.jsonl" in file.namelist() else b""
    else:
        held = Path(path).read_bytes()
    return [json.loads(one) for one in held.splitlines()]


# The four verifiers are alike up to here.


@dataclass(frozen=True)
class Certificate:
    """One certificate as its file says it."""

    said: bytes
    number: int
    previous: bytes
    made_at: datetime
    keys: dict[str, datetime]
    counted: int
    gone_by: date
    public_key: bytes
    signature: bytes

    @property
    def hash(self) -> bytes:
        """On what the next one stands."""
        return hashlib.sha256(self.said).digest()

    @property
    def as_signed(self) -> tuple[str, str, str]:
        """What it is called, by which key it is signed, and when."""
        return f"Certificate {self.number}", self.public_key.hex(), self.made_at.isoformat()


def read(path: str) -> Certificate:
    """One file; ValueError or KeyError for anything else."""
    text = Path(path).read_bytes().decode()
    said, _, rest = text.partition("public_key ")
    first, *lines = said.splitlines()
    if first != FIRST_LINE:
        message = "not a certificate"
        raise ValueError(message)
    facts = dict(one.split(" ", 1) for one in lines if not one.startswith(("key ", "stays ")))
    keys = dict(one.split(" ")[1:] for one in lines if one.startswith("key "))
    public_key, _, signature = rest.partition("\nsignature ")
    return Certificate(
        said.encode(),
        int(facts["number"]),
        bytes.fromhex(facts["previous"]),
        datetime.fromisoformat(facts["made"]),
        {mark: datetime.fromisoformat(at) for mark, at in keys.items()},
        int(facts["keys"]),
        date.fromisoformat(facts["gone_from_backups_by"]),
        bytes.fromhex(public_key),
        bytes.fromhex(signature.strip()),
    )


def wrong_in(one: Certificate, keys: list[str]) -> list[str]:
    """What is wrong with one certificate by itself."""
    wrong = []
    name = f"Certificate {one.number}"
    if not is_signed(one.public_key, one.said, one.signature):
        wrong.append(f"{name} is not as it was signed.")
    if keys and not print_of(one.public_key).replace(" ", "").startswith(tuple(keys)):
        wrong.append(f"{name} is signed by another key.")
    if one.counted != len(one.keys):
        wrong.append(f"{name} counts {one.counted} keys and lists {len(one.keys)}.")
    if any(at > one.made_at for at in one.keys.values()):
        wrong.append(f"{name} was made before a key was destroyed.")
    if one.number == 1 and one.previous != FIRST:
        wrong.append(f"{name} stands on something before it.")
    return wrong


def wrong_between(before: Certificate, after: Certificate) -> list[str]:
    """What is wrong with two that were given one after the other."""
    wrong = []
    if after.number == before.number:
        return [f"Two certificates are called {after.number}."] if after != before else []
    if after.made_at < before.made_at:
        wrong.append(f"Certificate {after.number} is dated before {before.number}.")
    if after.number == before.number + 1 and after.previous != before.hash:
        wrong.append(f"Certificate {after.number} does not stand on {before.number}.")
    return wrong


def main(arguments: list[str] | None = None) -> int:
    """Check the files and say what was found; the exit code."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    asked.add_argument("certificates", nargs="+")
    asked.add_argument(
        "--key", type=noted_key, action="append", default=[], help="who must have signed; see above"
    )
    asked.add_argument("--ref", help="the reference of a key that must be among them")
    asked.add_argument("--keys", help="a copy, or its keys.jsonl: how --key was handed on")
    given = asked.parse_args(arguments)
    if given.keys and len(given.key) != 1:
        asked.error("--keys goes with one --key, the one you noted first")
    try:
        found = sorted((read(one) for one in given.certificates), key=lambda one: one.number)
        keys = Succession(lines_in(given.keys) if given.keys else [])
        if given.keys:
            keys.check(given.key[0], [one.as_signed for one in found])
        mark = None if given.ref is None else hashlib.sha256(UUID(given.ref).bytes).hexdigest()
    except (OSError, ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile) as error:
        sys.stderr.write(f"This file cannot be read as a certificate: {type(error).__name__}.\n")
        return 2
    noted = [] if given.keys else given.key
    wrong = [line for one in found for line in wrong_in(one, noted)]
    for before, after in pairwise(found):
        wrong += wrong_between(before, after)
    wrong += keys.wrong
    if mark is not None and not any(mark in one.keys for one in found):
        wrong.append("The key of that reference is not among those destroyed.")
    for one in found:
        sys.stdout.write(
            f"Certificate {one.number}: {len(one.keys)} keys destroyed, in no backup after"
            f" {one.gone_by}; signed by {print_of(one.public_key)}\n"
        )
    sys.stdout.write("".join(f"WRONG: {one}\n" for one in wrong))
    sys.stdout.write("WRONG.\n" if wrong else "All is well.\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
