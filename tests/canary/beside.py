"""What a running union shows beside its files, and people who knock in ways no browser does.

Looks and knocks; must never know a page of ours by name. What is shown is searched elsewhere.
"""

from __future__ import annotations

import itertools
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from redis import Redis

from tests.canary.planting import MARK, NUMBER
from union.infra.db import libpq_url
from union.infra.embedded import Endpoints

FIRST_WORD = 800_000_000
PATIENCE = 60.0
KEPT_COMMANDS = 200_000
STATEMENTS = "SELECT query FROM pg_stat_activity WHERE query <> '' AND pid <> pg_backend_pid()"


def knock_rudely(url: str) -> int:
    """Send what is no request, each with words of its own; how many were answered."""
    there = urlsplit(url)
    answered = 0
    for said in _rude(there.netloc.encode()):
        with socket.create_connection((there.hostname, there.port), PATIENCE) as line:
            line.sendall(said)
            line.shutdown(socket.SHUT_WR)
            try:
                answered += bool(line.recv(1))
            except ConnectionError:
                continue
    return answered


def _rude(host: bytes) -> Iterator[bytes]:
    words = (f"{MARK}{number}".encode() for number in itertools.count(FIRST_WORD))
    known = b"Host: " + host + b"\r\n"
    forms = b"Content-Type: multipart/form-data; boundary=" + next(words) + b"\r\n"
    yield b"GET /" + next(words) + b" and more HTTP/1.1\r\n" + known + b"\r\n"
    yield next(words) + b" / HTTP/1.1\r\n" + known + b"\r\n"
    yield b"GET / HTTP/" + next(words) + b"\r\n" + known + b"\r\n"
    yield b"GET / HTTP/1.1\r\n" + known + next(words) + b"\r\n\r\n"
    yield b"GET / HTTP/1.1\r\n" + known + b"X " + next(words) + b": a\r\n\r\n"
    yield b"GET / HTTP/1.1\r\n" + known + b"X: " + next(words) + b"\0\r\n\r\n"
    yield b"GET / HTTP/1.1\r\n" + known + b"X: " + next(words) * 4000 + b"\r\n\r\n"
    yield b"GET /" + next(words) * 4000 + b" HTTP/1.1\r\n" + known + b"\r\n"
    yield b"GET /" + next(words) + b"%ff?a=%zz" + NUMBER.encode() + b"999 HTTP/1.1\r\n\r\n"
    yield b"POST / HTTP/1.1\r\n" + known + b"Content-Length: " + next(words) + b"\r\n\r\n"
    chunked = b"Transfer-Encoding: chunked\r\n\r\n"
    yield b"POST / HTTP/1.1\r\n" + known + chunked + next(words) + b"\r\n"
    yield b"POST / HTTP/1.1\r\n" + known + b"Transfer-Encoding: " + next(words) + b"\r\n\r\n"
    yield b"POST / HTTP/1.1\r\n" + known + forms + b"Content-Length: 90\r\n\r\n--" + next(words)
    yield b"PROXY TCP4 " + next(words) + b"\r\n"
    yield b"\x16\x03\x01" + next(words)


def keep_commands(redis_url: str) -> None:
    """From now on Redis remembers each command that comes, however quick."""
    with Redis.from_url(redis_url) as redis:
        redis.config_set("slowlog-max-len", KEPT_COMMANDS)
        redis.config_set("slowlog-log-slower-than", 0)


def shown_beside(endpoints: Endpoints, leader: int) -> dict[str, bytes]:
    """What may be seen now: statements, commands, and of our processes how they were begun."""
    with psycopg.connect(libpq_url(endpoints.admin_url)) as database:
        statements = [row[0].encode() for row in database.execute(STATEMENTS)]
    with Redis.from_url(endpoints.redis_url, decode_responses=False) as redis:
        commands = [one["command"] for one in redis.slowlog_get(KEPT_COMMANDS)]
    begun = [_begun(pid) for pid in _ours(leader)]
    return {
        "statements": b"\n".join(statements),
        "commands": b"\n".join(commands),
        "processes": b"\n".join(begun),
    }


def _ours(leader: int) -> list[int]:
    """A process and all that it began, and they."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            said = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(said[1]), []).append(int(folder.name))
    found = [leader]
    for pid in found:
        found += parents.get(pid, [])
    return found


def _begun(pid: int) -> bytes:
    """Its command line, its environment and its name, as any of its user's processes reads them."""
    said = []
    for name in ("cmdline", "environ", "comm"):
        try:
            said.append((Path("/proc") / str(pid) / name).read_bytes())
        except OSError:
            continue
    return b"\n".join(said)
