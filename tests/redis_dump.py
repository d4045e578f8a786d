"""All that a Redis holds, opened: where RQ compresses, what is inside is searched too."""

from __future__ import annotations

import base64
import contextlib
import zlib
from collections.abc import Iterator

from redis import Redis


def everything_in(redis: Redis) -> bytes:
    """Every key and value, in one piece."""
    return b"\n".join(_pieces(redis))


def _pieces(redis: Redis) -> Iterator[bytes]:
    for key in redis.scan_iter():
        yield key
        for value in _values(redis, key):
            yield value
            yield _opened(value)


def _values(redis: Redis, key: bytes) -> list[bytes]:
    kind = redis.type(key)
    if kind == b"hash":
        return [part for pair in redis.hgetall(key).items() for part in pair]
    if kind == b"list":
        return redis.lrange(key, 0, -1)
    if kind == b"set":
        return list(redis.smembers(key))
    if kind == b"zset":
        return redis.zrange(key, 0, -1)
    if kind == b"stream":
        return [part for _, held in redis.xrange(key) for pair in held.items() for part in pair]
    return [redis.get(key) or b""]


def _opened(value: bytes) -> bytes:
    opened = b""
    for plain in (value, _from_base64(value)):
        with contextlib.suppress(zlib.error):
            opened += zlib.decompress(plain)
    return opened


def _from_base64(value: bytes) -> bytes:
    try:
        return base64.b64decode(value)
    except ValueError:
        return b""
