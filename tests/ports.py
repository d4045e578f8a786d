"""Ports of this machine for servers of ours that are told theirs and take them later."""

from __future__ import annotations

import secrets
import socket

LOWEST, HIGHEST = 10_000, 30_000
"""Below those the kernel hands to whoever asks for any: nobody is given this one meanwhile."""


def free_port() -> int:
    """One that nobody has now, drawn by lot from those that nobody is handed unasked."""
    while True:
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def free_ports(count: int) -> list[int]:
    """As many of them, each another."""
    drawn: set[int] = set()
    while len(drawn) < count:
        drawn.add(free_port())
    return [*drawn]
