#!/usr/bin/env python3
"""Checks an export of the books: python3 verify_books.py EXPORT.zip.

Needs nothing but Python. Computes every hash anew, follows the chain of seals, checks the
signatures under its ends (Ed25519, written out below from RFC 8032), adds every entry up, and says
in plain words what is wrong and where. --head FIGURES: this head, printed on a report or noted
earlier, must lie in the chain. --key FINGERPRINT, once or more: every signature must be by one of
these keys. --keys FILE: the one --key was handed on to others by the signed lines of this file (an
export, this one too, or its keys.jsonl); every signature must be by one of them, of its time. Ends
with 0 if all is well, with 1 if something was changed, with 2 if a file cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Point = tuple[int, int, int, int]

FIRST = bytes(32)
LATE = timedelta(hours=1)
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


def entry_hash(entry: Row) -> bytes:
    """The hash of an entry and its legs."""
    names = ("id", "ref", "kind", "happened_on", "posted_on", "posted_at", "posted_by")
    more = ("source_kind", "source_id", "reverses_id", "voucher_hash")
    rows = [line("v1", *(entry[name] for name in names + more))]
    rows += [line(*leg) for leg in sorted(entry["legs"])]
    return hashlib.sha256("\n".join(rows).encode()).digest()


class Books:
    """What an export holds, and everything found wrong in it."""

    def __init__(self, parts: dict[str, list[Row]]) -> None:
        """``parts`` are the lines of each file of the export."""
        self.entries = {one["id"]: one for one in parts["entries"]}
        self.seals = sorted(parts["seals"], key=lambda one: one["id"])
        self.heads = sorted(parts["heads"], key=lambda one: one["id"])
        self.balances = parts["balances"]
        self.twice = len(parts["entries"]) - len(self.entries)
        self.sealed_in: dict[int, int] = {}
        self.wrong: list[str] = []

    def tell(self, words: str) -> None:
        """Something is wrong."""
        self.wrong.append(words)

    def check(self) -> None:
        """Ask everything."""
        if self.twice:
            self.tell(f"{self.twice} entries carry a number that another has, too.")
        self.check_sums()
        self.check_chain()
        self.check_heads()
        self.check_order()

    def check_sums(self) -> None:
        """Each entry adds up to nothing in each fund, and the balances to their entries."""
        moved: Counter[tuple[str, str]] = Counter()
        for entry in self.entries.values():
            totals: Counter[str] = Counter()
            for _, account, fund, amount in entry["legs"]:
                totals[fund] += amount
                moved[account, fund] += amount
            self.check_entry(entry, totals)
        kept = {(one["account"], one["fund"]): one["balance_minor"] for one in self.balances}
        for place in sorted(kept.keys() | moved.keys()):
            if kept.get(place, 0) != moved[place]:
                self.tell(
                    f"Account {place[0]} in fund {place[1]} is kept as {kept.get(place, 0)} paise,"
                    f" but its entries make {moved[place]}."
                )

    def check_entry(self, entry: Row, totals: Counter[str]) -> None:
        """One entry: two legs or more, none left over in a fund."""
        if len(entry["legs"]) < len("dr"):
            self.tell(f"{named(entry)} has no two sides.")
        for fund, total in sorted(totals.items()):
            if total:
                self.tell(f"{named(entry)} does not balance in fund {fund}: {total} paise over.")

    def check_chain(self) -> None:
        """Each seal stands on the one before and fits everything it was laid on."""
        before_id, before = None, FIRST
        for seal in self.seals:
            digest = hashlib.sha256(b"v1|" + before)
            for number, figures in sorted(seal["covers"]):
                digest.update(f"{number}|".encode() + bytes.fromhex(figures))
                self.check_covered(seal, number, figures)
            if seal["previous"] != before_id:
                self.tell(f"Seal {seal['id']} does not stand on seal {before_id or 'nothing'}.")
            if digest.hexdigest() != seal["hash"] or len(seal["covers"]) != seal["entries"]:
                self.tell(f"Seal {seal['id']} is broken: it was laid on something else.")
            before_id, before = seal["id"], bytes.fromhex(seal["hash"])

    def check_covered(self, seal: Row, number: int, figures: str) -> None:
        """One entry under a seal is there, is what was sealed, and lies under one seal only."""
        entry = self.entries.get(number)
        if entry is None:
            self.tell(f"Entry {number}, sealed by seal {seal['id']}, was taken away.")
        elif entry_hash(entry).hex() != figures:
            self.tell(f"{named(entry)} was changed after seal {seal['id']} was laid on it.")
        if number in self.sealed_in:
            self.tell(f"Entry {number} lies under two seals.")
        self.sealed_in[number] = seal["id"]

    def check_heads(self) -> None:
        """Each head is signed, names the one before, and says what the chain says."""
        seals = {one["id"]: one for one in self.seals}
        before = FIRST.hex()
        for head in self.heads:
            names = ("previous_hash", "reason", "said_on", "seal_id", "seal_hash", "entries")
            text = line("head-v1", *(head[name] for name in (*names, "closed_to", "made_at")))
            key, signature = bytes.fromhex(head["public_key"]), bytes.fromhex(head["signature"])
            if not is_signed(key, text.encode(), signature):
                self.tell(f"The head of {head['said_on']} is not signed by the key it names.")
            if head["previous_hash"] != before:
                self.tell(f"The head of {head['said_on']} does not follow the one before it.")
            seal = seals.get(head["seal_id"])
            covered = sum(one["entries"] for one in self.seals if one["id"] <= head["seal_id"])
            if seal is None or (seal["hash"], covered) != (head["seal_hash"], head["entries"]):
                self.tell(
                    f"The head signed on {head['said_on']} is not in this chain: what was sealed"
                    " up to then was laid anew, or taken away."
                )
            before = hashlib.sha256(text.encode()).hexdigest()

    def check_order(self) -> None:
        """Nothing was put behind a seal or into a closed month afterwards."""
        made = {one["id"]: datetime.fromisoformat(one["made_at"]) for one in self.seals}
        before = {one["id"]: made.get(one["previous"]) for one in self.seals}
        newest = max(made.values(), default=None)
        closed = [(one["closed_to"][:7], one["seal_id"]) for one in self.heads if one["closed_to"]]
        for entry in self.entries.values():
            seal = self.sealed_in.get(entry["id"])
            limit = newest if seal is None else before[seal]
            if limit and datetime.fromisoformat(entry["posted_at"]) + LATE < limit:
                self.tell(f"{named(entry)} claims to be older than a seal that does not cover it.")
            month = entry["posted_on"][:7]
            if any(month <= to and (seal is None or seal > last) for to, last in closed):
                self.tell(f"{named(entry)} was put into {month} after that month was closed.")

    def check_asked(self, head: str | None, keys: list[str]) -> None:
        """The head and the keys that somebody noted elsewhere."""
        figures = "".join((head or "").split()).lower()
        if head and not any(one["hash"].startswith(figures) for one in self.seals):
            self.tell(f"The head {head} is not in this chain: these are not the books it closed.")
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

    def sums(self) -> Iterator[str]:
        """What was looked at, in words."""
        sides: dict[str, list[int]] = {}
        for one in self.balances:
            side = sides.setdefault(one["fund"], [0, 0])
            side[one["balance_minor"] < 0] += abs(one["balance_minor"])
        for fund, (debit, credit) in sorted(sides.items()):
            yield f"Fund {fund}: debit {debit / 100:.2f}, credit {credit / 100:.2f}."
        covered = len(self.sealed_in)
        yield f"{len(self.entries)} entries, {covered} of them under {len(self.seals)} seals."
        if self.seals:
            yield f"The chain ends in {self.seals[-1]['hash']}."
        for figures in sorted({one["public_key"] for one in self.heads}):
            count = sum(one["public_key"] == figures for one in self.heads)
            yield f"{count} heads signed by key {print_of(bytes.fromhex(figures))}."
        if not self.heads:
            yield "No head is signed: whoever owns the database could have laid every seal anew."


def named(entry: Row) -> str:
    """An entry as it is spoken of."""
    return f"Entry {entry['id']} ({entry['ref']}, {entry['posted_on']})"


def read(path: str) -> dict[str, list[Row]]:
    """The lines of each file in the export."""
    parts = ("entries", "seals", "heads", "balances")
    with zipfile.ZipFile(path) as file:
        return {
            part: [json.loads(one) for one in file.read(f"{part}.jsonl").splitlines()]
            for part in parts
        }


def main(arguments: list[str] | None = None) -> int:
    """Check one export and say what was found; the exit code."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    asked.add_argument("export")
    asked.add_argument("--head", help="a head noted elsewhere, at least its first 16 figures")
    asked.add_argument(
        "--key", type=noted_key, action="append", default=[], help="who must have signed; see above"
    )
    asked.add_argument("--keys", help="a copy, or its keys.jsonl: how --key was handed on")
    given = asked.parse_args(arguments)
    if given.keys and len(given.key) != 1:
        asked.error("--keys goes with one --key, the one you noted first")
    try:
        books = Books(read(given.export))
        books.check()
        books.check_asked(given.head, [] if given.keys else given.key)
        if given.keys:
            books.check_keys(Succession(lines_in(given.keys)), given.key[0])
        said = list(books.sums())
    except (OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        sys.stderr.write(f"This file cannot be read as an export: {type(error).__name__}.\n")
        return 2
    sys.stdout.write("\n".join([*said, *(f"WRONG: {one}" for one in books.wrong), ""]))
    ending = f"WRONG in {len(books.wrong)} places." if books.wrong else "All is well."
    sys.stdout.write(ending + "\n")
    return int(bool(books.wrong))


if __name__ == "__main__":
    sys.exit(main())
