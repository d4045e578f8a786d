"""Drawing papers by chance so that anybody can draw the same again with the recorded seed.

Papers are parted into three strata of about equal value, so that a few large payments are looked
at as closely as the many small ones together. Within a stratum the papers with the smallest
SHA-256 of "seed|id" are drawn: no generator of ours, only a hash that every machine can compute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

STRATA = 3
LARGEST_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Paper:
    """A voucher or a receipt that may be drawn; paise."""

    id: int
    ref: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paper of the sample and its stratum: 1 holds the largest amounts."""

    stratum: int
    paper: Paper


def strata(papers: Sequence[Paper]) -> list[list[Paper]]:
    """The papers from the largest on, parted where a third of all the value is passed."""
    ordered = sorted(papers, key=lambda one: (-one.amount_minor, one.id))
    whole = sum(one.amount_minor for one in ordered)
    parted: list[list[Paper]] = [[] for _ in range(STRATA)]
    passed = 0
    for one in ordered:
        parted[min(passed * STRATA // max(whole, 1), STRATA - 1)].append(one)
        passed += one.amount_minor
    return parted


def draw(papers: Sequence[Paper], seed: str, size: int) -> list[Drawn]:
    """A sample of ``size`` papers (all, if there are fewer), by stratum and chance.

    Each stratum gives an equal share; what a small one cannot give the next ones do.
    """
    wanted = min(size, len(papers), LARGEST_SAMPLE)
    drawn: list[Drawn] = []
    parted = strata(papers)
    for number, stratum in enumerate(parted, 1):
        share = -(-(wanted - len(drawn)) // (STRATA - number + 1))
        later = sum(len(one) for one in parted[number:])
        share = max(share, wanted - len(drawn) - later)
        chance = sorted(stratum, key=lambda one: chance_of(seed, one.id))
        drawn += [Drawn(number, one) for one in chance[:share]]
    return drawn


def chance_of(seed: str, number: int) -> str:
    """What decides whether a paper is drawn: the smaller, the sooner."""
    return hashlib.sha256(f"{seed}|{number}".encode()).hexdigest()


def population_hash(papers: Sequence[Paper]) -> bytes:
    """SHA-256 over "id|amount" of each paper in order of id: from what it was drawn."""
    lines = (f"{one.id}|{one.amount_minor}" for one in sorted(papers, key=lambda one: one.id))
    return hashlib.sha256("\n".join(lines).encode()).digest()
