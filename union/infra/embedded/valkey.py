"""One embedded Redis (the Valkey server): started, found running, stopped.

Owns its folder, port and password; must never listen beyond this machine. What it holds is ids
only, and losing it loses nothing: the truth is in PostgreSQL.
"""

from __future__ import annotations

import secrets
import socket
import subprocess  # nosec B404 # starts the embedded queue with fixed arguments
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import redis

from union.infra.embedded import errors
from union.infra.embedded.places import Place, Programs, Runner
from union.infra.embedded.sharing import leave_running

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_START_SECONDS = 20.0
_STOP_SECONDS = 10.0


@dataclass(slots=True)
class Keeper:
    """A Redis server in ``folder``, on a port of this machine that is chosen once and kept."""

    folder: Path
    log: Path
    runner: Runner
    programs: Programs
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @classmethod
    def of(cls, place: Place) -> Keeper:
        """The server of a clone's data place."""
        log = place.runner.make_folder(place.data / "logs") / "redis.log"
        folder = place.runner.make_folder(place.data / "redis")
        return cls(folder, log, place.runner, place.programs)

    @property
    def url(self) -> str:
        """The server's address, with its password."""
        return f"redis://:{self._kept('password')}@127.0.0.1:{self._kept('port')}/0"

    def is_running(self) -> bool:
        """Whether our own server answers (a stranger on the port does not know the password)."""
        if not (self.folder / "port").exists():
            return False
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def has_fallen(self) -> bool:
        """Whether it ended without having been asked to."""
        if self._process is not None:
            return self._process.poll() is not None
        return not self.is_running()

    def bring_up(self, say: Callable[[str], None]) -> None:
        """Start the server."""
        say("Starting Redis")
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers; StartError with its last words if not."""
        self._choose()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # nosec B603 # the embedded program, fixed arguments
                [self.programs.valkey, self.folder / "valkey.conf"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.runner.identity(),
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self.is_running():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._process.kill()
                self._process.wait()
                said = self.log.read_text(errors="replace").splitlines() or ["nothing"]
                raise errors.StartError(
                    errors.DID_NOT_START.format(part="Redis", log=self.log, line=said[-1].strip())
                )
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server, whoever started it, and wait until it is gone."""
        try:
            with redis.Redis.from_url(self.url, socket_timeout=5) as client:
                client.shutdown()
        except redis.RedisError:
            if self._process is not None:
                self._process.terminate()
        if self._process is not None:
            self._process.wait(_STOP_SECONDS)
            self._process = None
            return
        deadline = time.monotonic() + _STOP_SECONDS
        while self.is_running() and time.monotonic() < deadline:
            time.sleep(0.02)

    def leave(self) -> None:
        """Let the server run for others, one of whom will stop it."""
        leave_running(self._process)
        self._process = None

    def _choose(self) -> None:
        if not (self.folder / "password").exists():
            self._keep("password", secrets.token_urlsafe(24))
        port = int(self._kept("port")) if (self.folder / "port").exists() else 0
        self._keep("port", str(_free_port(port)))
        lines = [
            "bind 127.0.0.1",
            f"port {self._kept('port')}",
            f"requirepass {self._kept('password')}",
            f'dir "{self.folder}"',
            "appendonly yes",
            "appendfsync everysec",
            "maxmemory-policy noeviction",
            'save ""',
        ]
        self._keep("valkey.conf", "\n".join(lines) + "\n")

    def _kept(self, name: str) -> str:
        return (self.folder / name).read_text()

    def _keep(self, name: str, text: str) -> None:
        # The folder is the runner's own and closed to everybody else.
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o644)


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise errors.StartError(
        errors.DID_NOT_START.format(part="Redis", log="its port", line="no port is free")
    )
