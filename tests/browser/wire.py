"""A wire between a browser and the union that can really be cut, or break in the middle."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlparse


class Wire:
    """Listens on a port of its own and carries bytes to the union, while it is whole."""

    def __init__(self, union_at: str) -> None:
        self._there = ("127.0.0.1", urlparse(union_at).port)
        self._whole = True
        self._lose_after: bytes | None = None
        self._lines: list[socket.socket] = []
        self._ear = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._ear.getsockname()[1]}"
        self.lost = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """No signal: what is under way is gone, and nothing new gets through."""
        self._whole = False
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Signal again."""
        self._whole = True

    def lose_answer_to(self, words: bytes) -> None:
        """The next request with these words reaches the union; its answer never comes back."""
        self._lose_after = words

    def close(self) -> None:
        """Nobody listens any more."""
        self.cut()
        self._ear.close()

    def _listen(self) -> None:
        while True:
            try:
                line, _ = self._ear.accept()
            except OSError:
                return
            if not self._whole:
                line.close()
                continue
            threading.Thread(target=self._carry, args=(line,), daemon=True).start()

    def _carry(self, line: socket.socket) -> None:
        there = socket.create_connection(self._there)
        self._lines += [line, there]
        back = threading.Thread(target=self._back, args=(there, line), daemon=True)
        back.start()
        with contextlib.suppress(OSError):
            while said := line.recv(65536):
                if self._lose_after and self._lose_after in said:
                    self._lose_after = None
                    self._deaf = line
                there.sendall(said)
        for end in (line, there):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    _deaf: socket.socket | None = None

    def _back(self, there: socket.socket, line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := there.recv(65536):
                if line is self._deaf:
                    self._deaf = None
                    self.lost += 1
                    line.shutdown(socket.SHUT_RDWR)
                    return
                line.sendall(said)
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def wire_to(union_at: str) -> Iterator[Wire]:
    """A wire for one test."""
    wire = Wire(union_at)
    try:
        yield wire
    finally:
        wire.close()
