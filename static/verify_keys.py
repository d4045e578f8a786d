#!/usr/bin/env python3
"""Follows the union's key from the one you noted first: python3 verify_keys.py EXPORT.zip --key IT.

Needs nothing but Python. EXPORT.zip is an export of the books or a copy of the list of readings. A
key is handed on to another by one line that both sign (Ed25519, written out below from RFC 8032).
Says which keys follow from the one you noted, until when each signed, and with which to call the
other verifiers, which follow it themselves, too, by --keys EXPORT.zip. Every signed end in the file
must be by these, in their order, and none by a key that was handed on before. Ends with 0 if all is
well, with 1 if not, with 2 if the file cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Point = tuple[int, int, int, int]

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


def ends_in(path: str) -> list[tuple[str, str, str]]:
    """The signed ends of an export: what each is, by which key, and when it was made."""
    with zipfile.ZipFile(path) as file:
        heads = [json.loads(one) for one in file.read("heads.jsonl").splitlines()]
    return [
        (f"The head of {one['said_on']}", one["public_key"], one["made_at"])
        for one in sorted(heads, key=lambda one: one["id"])
    ]


def main(arguments: list[str] | None = None) -> int:
    """Follow one key and say what was found; the exit code."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    asked.add_argument("export")
    asked.add_argument(
        "--key", type=noted_key, required=True, help="the fingerprint you noted first"
    )
    given = asked.parse_args(arguments)
    try:
        ends, keys = ends_in(given.export), Succession(lines_in(given.export))
        line = keys.check(given.key, ends)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        sys.stderr.write(f"This file cannot be read as an export: {type(error).__name__}.\n")
        return 2
    for key in line:
        until = keys.until.get(key)
        ended = f"was handed on at {until:%Y-%m-%d %H:%M} UTC." if until else "signs now."
        sys.stdout.write(f"Key {shown(key)} {ended}\n")
    if line:
        names = " ".join(f'--key "{shown(key)}"' for key in line)
        sys.stdout.write(f"Name them so: {names}\n")
    sys.stdout.write("".join(f"WRONG: {one}\n" for one in keys.wrong))
    sys.stdout.write("WRONG.\n" if keys.wrong else "All is well.\n")
    return int(bool(keys.wrong))


if __name__ == "__main__":
    sys.exit(main())
