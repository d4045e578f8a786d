"""One embedded PostgreSQL cluster: made, started, found running, stopped.

Owns the cluster's folder and its roles; must never listen on a network, and never log what a
statement held.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess  # nosec B404 # starts the embedded database with fixed arguments
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from union.infra.embedded import errors
from union.infra.embedded.places import Place, Programs, Runner, buffers_mb, memory_mb
from union.infra.embedded.sharing import leave_running

if TYPE_CHECKING:
    from collections.abc import Callable

SUPERUSER = "postgres"
OWNER = "sangha_owner"
APPLICATION_LOGIN = "sangha_app_login"
APPLICATION_GROUP = "sangha_app"
KEYS_LOGIN = "sangha_keys"
KEYS_OWNER = "sangha_keys_owner"
OUTSIDE_LOGIN = "sangha_outside"

_DATABASES = {"sangha": OWNER, "sangha_keys": KEYS_OWNER, "sangha_outside": OUTSIDE_LOGIN}
_USERS = {OWNER: APPLICATION_LOGIN, KEYS_OWNER: KEYS_LOGIN}
_PORT = 5432  # a part of the socket's name only; nothing listens on it
_START_SECONDS = 60.0
_STOP_SECONDS = 15.0
_DEAD = "Z"  # in /proc: ended, and nobody has waited for it yet

_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "120",
    "log_destination": "stderr",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A log line must not hold what a woman told us: no statements, no values, no DETAIL.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
_THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
}


@dataclass(slots=True)
class Cluster:
    """A cluster in ``folder``, reached by the socket in ``sockets`` and by nothing else.

    ``durable`` False gives up the promise to survive a crash, for tests.
    """

    folder: Path
    sockets: Path
    log: Path
    runner: Runner
    programs: Programs
    durable: bool = True
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @classmethod
    def of(cls, place: Place) -> Cluster:
        """The cluster of a clone's data place."""
        log = place.runner.make_folder(place.data / "logs") / "postgres.log"
        folder = place.data / "postgres"
        return cls(folder, place.sockets, log, place.runner, place.programs)

    def url(self, database: str, user: str = SUPERUSER) -> str:
        """The address of a database in this cluster."""
        reach = urlencode({"host": str(self.sockets), "port": _PORT})
        return f"postgresql://{quote(user)}@/{quote(database)}?{reach}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """Connect as the superuser, committing each statement."""
        return psycopg.connect(self.url(database), autocommit=True, connect_timeout=5)

    def is_running(self) -> bool:
        """Whether the cluster answers."""
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def has_fallen(self) -> bool:
        """Whether it ended without having been asked to."""
        if self._process is not None:
            return self._process.poll() is not None
        return not self.is_running()

    def bring_up(self, say: Callable[[str], None]) -> None:
        """Make the cluster if it is missing, start it, and make what it lacks inside."""
        if not (self.folder / "PG_VERSION").exists():
            say("Making an embedded PostgreSQL")
            self.make()
        say("Starting PostgreSQL")
        self.start()
        try:
            self.furnish()
        except BaseException:
            self.stop()
            raise

    def make(self) -> None:
        """Make the cluster; one that was left half made is made anew."""
        half = self.folder.with_name(f"{self.folder.name}.half")
        shutil.rmtree(half, ignore_errors=True)
        self.runner.make_folder(half)
        command: list[str | Path] = [
            self.programs.postgres / "initdb",
            *("--pgdata", half, "--username", SUPERUSER, "--auth", "peer"),
            *("--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C.UTF-8"),
        ]
        if not self.durable:
            command.append("--no-sync")
        made = subprocess.run(  # nosec B603 # the embedded program, fixed arguments
            command, check=False, capture_output=True, text=True, **self.runner.identity()
        )
        if made.returncode:
            raise self._failure(made.stderr)
        names = {self.runner.name, _name_of_root_or_own()}
        doors = "".join(f'sangha "{name}" all\n' for name in sorted(names))
        (half / "pg_hba.conf").write_text("local all all peer map=sangha\n")
        (half / "pg_ident.conf").write_text(doors)
        half.rename(self.folder)

    def start(self) -> None:
        """Start the cluster and wait until it answers; StartError with its last words if not."""
        self._bury()
        settings = _SETTINGS | ({} if self.durable else _THROW_AWAY)
        settings["shared_buffers"] = f"{buffers_mb(memory_mb())}MB"
        settings["unix_socket_directories"] = str(self.sockets)
        command: list[str | Path] = [self.programs.postgres / "postgres", "-D", self.folder]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            begun = log.tell()
            self._process = subprocess.Popen(  # nosec B603 # the embedded program, fixed arguments
                command,
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
                raise self._failure(self.log.read_text(errors="replace")[begun:])
            time.sleep(0.02)

    def _bury(self) -> None:
        """Take away the papers of one that was killed and that whoever began it never waited for.

        To PostgreSQL the dead one seems to live as long as it has a number (Linux only).
        """
        paper = self.folder / "postmaster.pid"
        try:
            number = paper.read_text().splitlines()[0]
            state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
        except (OSError, IndexError):
            return
        deadline = time.monotonic() + _STOP_SECONDS
        # What it had begun must be gone first: two at once would spoil the cluster.
        while state == _DEAD and time.monotonic() < deadline:
            if not _works_in(self.folder):
                for left in (paper, self.sockets / f".s.PGSQL.{_PORT}.lock"):
                    left.unlink(missing_ok=True)
                return
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the cluster, whoever started it, and wait until it is gone."""
        begun, self._process = self._process, None
        if begun is not None and begun.poll() is None:
            _end(begun)
            return
        paper = self.folder / "postmaster.pid"
        try:
            os.kill(int(paper.read_text().splitlines()[0]), signal.SIGINT)
        except (FileNotFoundError, ProcessLookupError):
            return
        deadline = time.monotonic() + _STOP_SECONDS
        while paper.exists() and time.monotonic() < deadline:
            time.sleep(0.02)

    def leave(self) -> None:
        """Let the cluster run for others, one of whom will stop it."""
        leave_running(self._process)
        self._process = None

    def furnish(self) -> None:
        """Make the roles and databases that are missing."""
        with self.connect() as connection:
            known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for login in (OWNER, APPLICATION_LOGIN, KEYS_OWNER, KEYS_LOGIN, OUTSIDE_LOGIN):
                if login not in known:
                    connection.execute(_named("CREATE ROLE {} LOGIN", login))
            if APPLICATION_GROUP not in known:
                connection.execute(_named("CREATE ROLE {} NOLOGIN", APPLICATION_GROUP))
            for login in (OWNER, APPLICATION_LOGIN):
                connection.execute(_named("GRANT {} TO {}", APPLICATION_GROUP, login))
            there = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
            for database, owner in _DATABASES.items():
                if database not in there:
                    self.make_database(connection, database, owner)
            self._part_keys(connection)

    def _part_keys(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        """Take the key store from its user, who owned it in the first clones."""
        owned = connection.execute(
            "SELECT datname FROM pg_database WHERE datdba = %s::regrole", (KEYS_LOGIN,)
        ).fetchall()
        for (database,) in owned:
            with self.connect(str(database)) as inside:
                inside.execute(_named("REASSIGN OWNED BY {} TO {}", KEYS_LOGIN, KEYS_OWNER))
            connection.execute(
                _named("GRANT CONNECT ON DATABASE {} TO {}", str(database), KEYS_LOGIN)
            )

    def make_database(
        self,
        connection: psycopg.Connection[tuple[object, ...]],
        database: str,
        owner: str,
        template: str = "template0",
    ) -> None:
        """Make a database that only its owner may open, and whoever is to use it."""
        making = "CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY"
        connection.execute(_named(making, database, owner, template))
        connection.execute(_named("REVOKE ALL ON DATABASE {} FROM PUBLIC", database))
        user = _USERS.get(owner)
        if user is not None:
            connection.execute(_named("GRANT CONNECT ON DATABASE {} TO {}", database, user))

    def _failure(self, said: str) -> errors.StartError:
        if "No space left on device" in said:
            return errors.StartError(errors.DISK_FULL.format(place=self.folder.parent))
        lines = [line for line in said.splitlines() if line.strip()] or ["nothing"]
        return errors.StartError(
            errors.DID_NOT_START.format(part="PostgreSQL", log=self.log, line=lines[-1].strip())
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask, then insist: one that recovers from a crash on a full disk does not hear the first."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
            return


def _works_in(folder: Path) -> bool:
    """Whether any process has this folder for its own."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == folder.resolve():
                return True
    return False


def _named(statement: LiteralString, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*(sql.Identifier(name) for name in names))


def _name_of_root_or_own() -> str:
    return "root" if os.geteuid() == 0 else Runner.find().name
