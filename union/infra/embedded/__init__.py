"""The parts that a clone brings along: PostgreSQL and Redis, started when nobody else has them.

Owns the choice between the environment's own servers and the embedded ones; must never be imported
by anything that only uses a database.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import sqlalchemy.exc

from union.infra.embedded import external
from union.infra.embedded.errors import StartError
from union.infra.embedded.journal import refuse_half_swapped
from union.infra.embedded.places import HARDLY_ANY_SPACE, Place, find_place, refuse_full_disk
from union.infra.embedded.postgres import (
    APPLICATION_LOGIN,
    KEYS_LOGIN,
    KEYS_OWNER,
    OUTSIDE_LOGIN,
    OWNER,
    Cluster,
)
from union.infra.embedded.scratch import NOWHERE, scratch_cluster, scratch_place
from union.infra.embedded.sharing import shared
from union.infra.embedded.valkey import Keeper
from union.infra.settings import Secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["Endpoints", "StartError", "find_place", "parts", "scratch_parts"]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the parts answer, for as long as the ``with parts()`` block runs."""

    database_url: str
    owner_database_url: str
    keystore_url: str
    keystore_owner_url: str
    admin_url: str
    keys_admin_url: str
    simulator_url: str
    redis_url: str
    secrets_file: Path
    data: Path
    revivers: Sequence[Callable[[], None]] = field(default=(), compare=False)

    def revive(self) -> None:
        """Bring up again what has fallen of the embedded parts; StartError if that fails."""
        for revive in self.revivers:
            revive()

    def environment(self) -> dict[str, str]:
        """The same as the environment that ``Settings`` and our processes read."""
        return {
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.owner_database_url,
            "KEYSTORE_URL": self.keystore_url,
            "SIMULATOR_URL": self.simulator_url,
            "REDIS_URL": self.redis_url,
            "SANGHA_SECRETS": str(self.secrets_file),
        }


def _say_nothing(_step: str) -> None:
    """The listener of a command that shows no steps."""


@contextlib.contextmanager
def parts(
    environ: Mapping[str, str] = os.environ,
    say: Callable[[str], None] = _say_nothing,
    *,
    restoring: bool = False,
) -> Iterator[Endpoints]:
    """Yield the endpoints of running parts: the environment's own, else this clone's embedded ones.

    ``say`` hears each step as it begins. Raises StartError with a sentence for the person at the
    terminal. While a restore stands half done only who is ``restoring`` gets any.
    """
    place = find_place(environ)
    if not restoring:
        refuse_half_swapped(place.data)
    try:
        with _parts(environ, place, say) as endpoints:
            yield endpoints
    except (psycopg.OperationalError, sqlalchemy.exc.OperationalError):
        # A server that found no room has often fallen before it could say so.
        refuse_full_disk(place.data, needed=HARDLY_ANY_SPACE)
        raise


@contextlib.contextmanager
def _parts(
    environ: Mapping[str, str], place: Place, say: Callable[[str], None]
) -> Iterator[Endpoints]:
    locks = place.data / "locks"
    revivers: list[Callable[[], None]] = []
    with contextlib.ExitStack() as stack:
        if "DATABASE_URL" in environ:
            say("Using the PostgreSQL of DATABASE_URL")
            databases = external.find_databases(environ)
        else:
            cluster = Cluster.of(place)
            revivers.append(stack.enter_context(shared(cluster, locks, "postgres", say)))
            databases = _embedded_databases(cluster)
        if "REDIS_URL" in environ:
            say("Using the Redis of REDIS_URL")
            external.check_redis(environ["REDIS_URL"])
            redis_url = environ["REDIS_URL"]
        else:
            keeper = Keeper.of(place)
            revivers.append(stack.enter_context(shared(keeper, locks, "redis", say)))
            redis_url = keeper.url
        secrets_file = _secrets_file(place.data, environ)
        yield _endpoints(databases, redis_url, secrets_file, place.data, revivers)


@contextlib.contextmanager
def scratch_parts() -> Iterator[Endpoints]:
    """Yield the endpoints of a PostgreSQL made for the block and thrown away; Redis is nowhere."""
    with scratch_place() as place, scratch_cluster(place) as cluster:
        yield _endpoints(
            _embedded_databases(cluster), NOWHERE, _secrets_file(place.data, {}), place.data
        )


def _endpoints(
    databases: external.Databases,
    redis_url: str,
    secrets_file: Path,
    data: Path,
    revivers: Sequence[Callable[[], None]] = (),
) -> Endpoints:
    return Endpoints(
        database_url=databases.application,
        owner_database_url=databases.owner,
        keystore_url=databases.keystore,
        keystore_owner_url=databases.keystore_owner,
        admin_url=databases.admin,
        keys_admin_url=databases.keys_admin,
        simulator_url=databases.simulator,
        redis_url=redis_url,
        secrets_file=secrets_file,
        data=data,
        revivers=revivers,
    )


def _embedded_databases(cluster: Cluster) -> external.Databases:
    return external.Databases(
        application=cluster.url("sangha", APPLICATION_LOGIN),
        owner=cluster.url("sangha", OWNER),
        keystore=cluster.url("sangha_keys", KEYS_LOGIN),
        simulator=cluster.url("sangha_outside", OUTSIDE_LOGIN),
        keystore_owner=cluster.url("sangha_keys", KEYS_OWNER),
        admin=cluster.url("postgres"),
        keys_admin=cluster.url("postgres"),
    )


def _secrets_file(data: Path, environ: Mapping[str, str]) -> Path:
    if "SANGHA_SECRETS" in environ:
        return Path(environ["SANGHA_SECRETS"])
    path = data / "secrets.json"
    Secrets.from_file_or_new(path)
    return path
