#!/usr/bin/env python3
"""Checks a copy of the list of readings: python3 verify_readings.py COPY.zip.

Needs nothing but Python. Follows the chain of seals over every reading's fingerprint, checks the
signatures under its ends and under the trustees' receipts (Ed25519, written out below from RFC
8032), and says in plain words what is wrong and where. --head FIGURES: this head, written down
earlier, must lie in the chain. --key FINGERPRINT, once or more: by whom every head must be signed.
--keys FILE: the one --key was handed on to others by the signed lines of this file (a copy, this
one too, or its keys.jsonl); every head must be by one of them, of its time. --row FILE: this one
line, handed out by its page, must stand in the chain. Ends with 0 if all is well, 1 if something
was changed, 2 if unreadable.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Point = tuple[int, int, int, int]

FIRST = bytes(32)
LATE = timedelta(days=1)
KEPT = timedelta(days=5 * 365)
FIELDS = (
    *("what it is", "number", "at", "read by person", "read as", "her offices", "about person"),
    *("kind of thing", "thing", "what was opened", "reason", "shown from", "kept back by inquiry"),
)
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


def line(*fields: object) -> str:
    """Fields as they are hashed: parted by "|", empty where there is none."""
    return "|".join("" if one is None else str(one) for one in fields)


class Readings:
    """What a copy holds, and everything found wrong in it."""

    def __init__(self, parts: dict[str, list[Row]]) -> None:
        """``parts`` are the lines of each file of the copy."""
        self.readings = {one["number"]: one for one in parts["readings"]}
        self.seals = sorted(parts["seals"], key=lambda one: one["id"])
        self.heads = sorted(parts["heads"], key=lambda one: one["id"])
        self.receipts = parts["receipts"]
        self.twice = len(parts["readings"]) - len(self.readings)
        self.sealed_in: dict[int, int] = {}
        self.aged = 0
        self.wrong: list[str] = []

    def tell(self, words: str) -> None:
        """Something is wrong."""
        self.wrong.append(words)

    def check(self) -> None:
        """Ask everything."""
        if self.twice:
            self.tell(f"{self.twice} readings carry a number that another has, too.")
        self.check_chain()
        self.check_heads()
        self.check_receipts()
        self.check_order()

    def check_chain(self) -> None:
        """Each seal stands on the one before and fits everything it was laid on."""
        before_id, before = None, FIRST
        for seal in self.seals:
            digest = hashlib.sha256(b"readings-v1|" + before)
            for number, day, figures in sorted(seal["covers"]):
                digest.update(f"{number}|{day}|".encode() + bytes.fromhex(figures))
                self.check_covered(seal, number, day, figures)
            if seal["previous"] != before_id:
                self.tell(f"Seal {seal['id']} does not stand on seal {before_id or 'nothing'}.")
            if digest.hexdigest() != seal["hash"] or len(seal["covers"]) != seal["readings"]:
                self.tell(f"Seal {seal['id']} is broken: it was laid on something else.")
            before_id, before = seal["id"], bytes.fromhex(seal["hash"])

    def check_covered(self, seal: Row, number: int, day: str, figures: str) -> None:
        """One reading under a seal is there, is what was sealed, and lies under one seal only."""
        reading = self.readings.get(number)
        if reading is None and self.has_aged(day):
            self.aged += 1
        elif reading is None:
            self.tell(f"Reading {number} of {day}, sealed by seal {seal['id']}, was taken away.")
        elif (reading["commitment"], reading["day"]) != (figures, day):
            self.tell(f"Reading {number} of {day} was changed after seal {seal['id']}.")
        if number in self.sealed_in:
            self.tell(f"Reading {number} lies under two seals.")
        self.sealed_in[number] = seal["id"]

    def has_aged(self, day: str) -> bool:
        """Whether a reading of that day is older than any is kept; its fingerprint stays."""
        return date.fromisoformat(self.seals[-1]["day"]) - date.fromisoformat(day) > KEPT

    def check_heads(self) -> None:
        """Each head is signed, names the one before, and says what the chain says."""
        seals = {one["id"]: one for one in self.seals}
        sums = dict(zip(seals, accumulate(one["readings"] for one in self.seals), strict=True))
        before = FIRST.hex()
        for head in self.heads:
            names = ("previous_hash", "said_on", "seal_id", "seal_hash", "readings", "made_at")
            text = line("readings-head-v1", *(head[name] for name in names))
            key, signature = bytes.fromhex(head["public_key"]), bytes.fromhex(head["signature"])
            if not is_signed(key, text.encode(), signature):
                self.tell(f"The head of {head['said_on']} is not signed by the key it names.")
            if head["previous_hash"] != before:
                self.tell(f"The head of {head['said_on']} does not follow the one before it.")
            seal = seals.get(head["seal_id"])
            said = (head["seal_hash"], head["readings"])
            if seal is None or (seal["hash"], sums[seal["id"]]) != said:
                self.tell(
                    f"The head signed on {head['said_on']} is not in this chain: what was sealed"
                    " up to then was laid anew, or taken away."
                )
            before = hashlib.sha256(text.encode()).hexdigest()

    def check_receipts(self) -> None:
        """What trustees signed that they wrote down is what stands here."""
        heads = {one["id"]: one for one in self.heads}
        for one in self.receipts:
            text = line("readings-receipt-v1", one["head_id"], one["said_on"], one["seal_hash"])
            key, signature = bytes.fromhex(one["public_key"]), bytes.fromhex(one["signature"])
            said = [heads.get(one["head_id"], {}).get(name) for name in ("said_on", "seal_hash")]
            if not is_signed(key, text.encode(), signature):
                self.tell(f"A receipt for {one['said_on']} is not signed by the key it names.")
            if said != [one["said_on"], one["seal_hash"]]:
                self.tell(f"A trustee wrote another head down for {one['said_on']}.")

    def check_order(self) -> None:
        """Nothing was put behind a seal afterwards."""
        days = {one["id"]: date.fromisoformat(one["day"]) for one in self.seals}
        before = {one["id"]: one["previous"] for one in self.seals}
        newest = max(days, default=None)
        below, top, at = dict[int, int](), 0, 0
        for seal in self.seals:
            while days[self.seals[at]["id"]] + LATE < days[seal["id"]]:
                top = max([top, *(one[0] for one in self.seals[at]["covers"])])
                at += 1
            below[seal["id"]] = top
        for number, reading in self.readings.items():
            seal = self.sealed_in.get(number)
            limit = newest if seal is None else before.get(seal)
            if limit not in days:
                continue
            if date.fromisoformat(reading["day"]) + LATE < days[limit] or number < below[limit]:
                self.tell(f"Reading {number} of {reading['day']} was put in behind an older seal.")

    def check_asked(self, head: str | None, keys: list[str]) -> None:
        """The head and the keys that somebody noted elsewhere."""
        figures = "".join((head or "").split()).lower()
        if head and not any(one["hash"].startswith(figures) for one in self.seals):
            self.tell(f"The head {head} is not in this chain: this is not the list it closed.")
        for one in self.heads:
            seen = print_of(bytes.fromhex(one["public_key"]))
            if keys and not seen.replace(" ", "").startswith(tuple(keys)):
                self.tell(f"The head of {one['said_on']} was signed by another key: {seen}.")

    def check_keys(self, keys: Succession, noted: str) -> None:
        """Each head is by a key that belongs to the one that somebody noted first."""
        ends = [
            (f"The head of {one['said_on']}", one["public_key"], one["made_at"])
            for one in self.heads
        ]
        keys.check(noted, ends)
        self.wrong += keys.wrong

    def check_row(self, path: str) -> list[str]:
        """Whether one line, given by its salt and its text, stands in the chain; what it says."""
        salt, text = Path(path).read_text(encoding="utf-8").splitlines()[:2]
        digest = hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()
        fields = text.split("|")
        number = int(fields[1])
        covers = {one[0]: one[2] for seal in self.seals for one in seal["covers"]}
        if covers.get(number) != digest:
            self.tell(f"The line {number} does not stand in this chain as it was handed out.")
            return []
        said = [f"  {name}: {value}" for name, value in zip(FIELDS, fields, strict=True) if value]
        return [f"Line {number} stands in the chain, under seal {self.sealed_in[number]}:", *said]

    def sums(self) -> list[str]:
        """What was looked at, in words."""
        said = [f"{len(self.readings)} readings, {len(self.sealed_in)} under a seal."]
        if self.aged:
            said.append(f"{self.aged} have aged out; their fingerprints stand.")
        if self.seals:
            said.append(f"The chain ends in {self.seals[-1]['hash']}.")
        for figures, count in sorted(Counter(one["public_key"] for one in self.heads).items()):
            said.append(f"{count} heads signed by key {print_of(bytes.fromhex(figures))}.")
        for figures, count in sorted(Counter(one["public_key"] for one in self.receipts).items()):
            said.append(f"{count} written down under key {print_of(bytes.fromhex(figures))}.")
        if not self.heads:
            said.append("No head is signed: whoever owns the database could have laid it anew.")
        return said


def read(path: str) -> dict[str, list[Row]]:
    """The lines of each file in the copy."""
    parts = ("readings", "seals", "heads", "receipts")
    with zipfile.ZipFile(path) as file:
        lines = {part: file.read(f"{part}.jsonl").splitlines() for part in parts}
        return {part: [json.loads(one) for one in found] for part, found in lines.items()}


def main(arguments: list[str] | None = None) -> int:
    """Check one copy and say what was found; the exit code."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    asked.add_argument("copy")
    asked.add_argument("--head", help="a head written down, at least its first 16 figures")
    asked.add_argument(
        "--key", type=noted_key, action="append", default=[], help="who must have signed; see above"
    )
    asked.add_argument("--row", help="the file of one line that somebody was shown")
    asked.add_argument("--keys", help="a copy, or its keys.jsonl: how --key was handed on")
    given = asked.parse_args(arguments)
    if given.keys and len(given.key) != 1:
        asked.error("--keys goes with one --key, the one you noted first")
    try:
        found = Readings(read(given.copy))
        found.check()
        found.check_asked(given.head, [] if given.keys else given.key)
        if given.keys:
            found.check_keys(Succession(lines_in(given.keys)), given.key[0])
        said = found.sums() + (found.check_row(given.row) if given.row else [])
    except (
        *(OSError, ValueError, KeyError, TypeError, AttributeError, IndexError),
        zipfile.BadZipFile,
    ) as error:
        sys.stderr.write(f"This file cannot be read as a copy: {type(error).__name__}.\n")
        return 2
    sys.stdout.write("\n".join([*said, *(f"WRONG: {one}" for one in found.wrong), ""]))
    ending = f"WRONG in {len(found.wrong)} places." if found.wrong else "All is well."
    sys.stdout.write(ending + "\n")
    return int(bool(found.wrong))


if __name__ == "__main__":
    sys.exit(main())
