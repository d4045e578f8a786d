"""PostgreSQL's own dump and restore, as streams: what passes through lies on no disk in the clear.

Owns which programs are used and how they are called; a password is never an argument, and of what
they say only the first line of an error is passed on, for the rest may hold what a row holds.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess  # nosec B404 # starts the database's own programs
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from sqlalchemy.engine import make_url

from union.infra.db import libpq_url
from union.infra.embedded.errors import StartError
from union.infra.embedded.places import Place

READ = 64 * 1024
_VERSION = re.compile(r"(\d+)(?:\.\d+)?")
_RIGHTS = re.compile(r"(GRANT|REVOKE|ALTER DEFAULT PRIVILEGES) .*;$")
_ROLE = re.compile(r'(?: FOR ROLE | TO | FROM )("(?:[^"]|"")+"|\w+)')

NO_TOOLS = (
    "There is no pg_dump and pg_restore here for PostgreSQL {version}: install its client programs "
    "of that version, and try again."
)
FAILED = "{program} gave up: {said}. Nothing that was there before has changed."


@dataclass(frozen=True, slots=True)
class Tools:
    """The two programs, of one version that suits the server."""

    pg_dump: Path
    pg_restore: Path


def find_tools(url: str, place: Place) -> Tools:
    """The programs that suit the server of ``url``: the oldest at hand that are not older than it.

    One that is newer may write what the server does not know. StartError if there are none.
    """
    with psycopg.connect(libpq_url(url), connect_timeout=5) as connection:
        served = connection.info.server_version // 10000
    found: dict[int, Tools] = {}
    for folder in (place.programs.postgres, *_on_path()):
        tools = Tools(folder / "pg_dump", folder / "pg_restore")
        if tools.pg_dump.exists() and tools.pg_restore.exists():
            found.setdefault(_major(tools.pg_dump), tools)
    fit = sorted(version for version in found if version >= served)
    if not fit:
        raise StartError(NO_TOOLS.format(version=served))
    return found[fit[0]]


def dumped(tools: Tools, url: str, snapshot: str | None = None) -> Iterator[bytes]:
    """A database as a dump, piece by piece; StartError instead of an end if it could not be made.

    ``snapshot`` is one exported by a transaction that is still open.
    """
    shown, environment = _address(url)
    command: list[str | Path] = [
        tools.pg_dump,
        "--format=custom",
        "--no-unlogged-table-data",
        "--dbname",
        shown,
    ]
    if snapshot is not None:
        command.append(f"--snapshot={snapshot}")
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # nosec B603 # the database's own program, no shell
            command, stdout=subprocess.PIPE, stderr=complaints, env=environment
        )
        try:
            yield from _pieces(process)
            _refuse_failure(process, "pg_dump", complaints)
        finally:
            _end(process)


def fill(tools: Tools, url: str, dump: Iterable[bytes], *, rights: bool = True) -> None:
    """Fill an empty database from a dump, as the login of ``url``; StartError if it breaks off.

    Without ``rights`` nobody else is given any: whoever calls gives them anew.
    """
    shown, environment = _address(url)
    how = () if rights else ("--no-privileges",)
    command = (tools.pg_restore, "--exit-on-error", "--no-owner", *how, "--dbname", shown)
    _restore(command, environment, dump)


def roles_missing(tools: Tools, url: str, dump: Iterable[bytes]) -> list[str]:
    """The roles that a dump gives rights to, or takes them from, and the server of ``url`` lacks.

    Only the head of the dump is read, of which nothing is a row. StartError if it is none.
    """
    with tempfile.TemporaryFile() as schema:
        command = (tools.pg_restore, "--schema-only", "--no-owner", "--file=-")
        _restore(command, os.environ, dump, schema)
        schema.seek(0)
        lines = schema.read().decode(errors="replace").splitlines()
    named = {name for line in lines if _RIGHTS.match(line) for name in _ROLE.findall(line)}
    named = {name.strip('"').replace('""', '"') for name in named} - {"PUBLIC"}
    with psycopg.connect(libpq_url(url)) as connection:
        there = {str(name) for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    return sorted(named - there)


def _restore(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    dump: Iterable[bytes],
    result: IO[bytes] | None = None,
) -> None:
    """Run pg_restore on a dump; what it says beside errors goes into ``result`` or nowhere."""
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # nosec B603 # the database's own program, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL if result is None else result,
            stderr=complaints,
            env=environment,
        )
        try:
            _feed(process, dump)
            _refuse_failure(process, "pg_restore", complaints)
        finally:
            _end(process)


def _feed(process: subprocess.Popen[bytes], dump: Iterable[bytes]) -> None:
    if process.stdin is None:
        raise StartError(FAILED.format(program="pg_restore", said="it hears nothing"))
    try:
        for piece in dump:
            process.stdin.write(piece)
        process.stdin.close()
    except BrokenPipeError:
        # It has given up: what it said, and its code, are looked at by whoever called.
        return


def _pieces(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    if process.stdout is None:
        raise StartError(FAILED.format(program="pg_dump", said="it says nothing"))
    while piece := process.stdout.read(READ):
        yield piece


def _refuse_failure(process: subprocess.Popen[bytes], program: str, complaints: IO[bytes]) -> None:
    code = process.wait()
    if code == 0:
        return
    complaints.seek(0)
    lines = complaints.read(READ).decode(errors="replace").splitlines()
    wrong = next((line for line in lines if "error:" in line), f"code {code}")
    raise StartError(FAILED.format(program=program, said=wrong.partition("error:")[2] or wrong))


def _end(process: subprocess.Popen[bytes]) -> None:
    """See to it that it is over, whatever became of whoever listened to it."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None and not pipe.closed:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
    if process.poll() is None:
        process.kill()
        process.wait()


def _address(url: str) -> tuple[str, Mapping[str, str]]:
    """The address without its password, and an environment that has it."""
    parsed = make_url(url).set(drivername="postgresql")
    environment = {**os.environ, "PGTZ": "UTC"}
    if parsed.password is not None:
        environment["PGPASSWORD"] = str(parsed.password)
    bare = parsed._replace(password=None)
    return bare.render_as_string(hide_password=False), environment


def _on_path() -> list[Path]:
    found = shutil.which("pg_dump")
    return [] if found is None else [Path(found).parent, Path(found).resolve().parent]


def _major(program: Path) -> int:
    said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)  # nosec B603 # the database's own program, no shell
    number = _VERSION.search(said.stdout)
    return int(number[1]) if number else 0
