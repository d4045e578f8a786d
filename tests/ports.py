"""A port of this machine for a server of ours that is told it and takes it later."""

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
