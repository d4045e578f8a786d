"""Counting cash by its pieces."""

from __future__ import annotations

from collections.abc import Mapping

PIECES_MINOR = (50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100)
"""Notes and coins in use, in paise, the largest first."""


def counted_minor(pieces: Mapping[int, int]) -> int:
    """What so many of each piece come to, in minor units."""
    return sum(piece * number for piece, number in pieces.items())
