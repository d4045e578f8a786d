"""The embedded parts as real commands use them: attach, last one out, kept data, clear refusals."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from tests.faults.processes import lives, wait_for
from union.cli.up import open_port
from union.infra.embedded import StartError, external, parts, places, scratch_parts
from union.infra.embedded.places import Place, Runner
from union.infra.embedded.postgres import Cluster
from union.infra.embedded.scratch import scratch_place
from union.infra.embedded.valkey import Keeper

PATIENCE = 120.0

OTHER_COMMAND = """
import os, sys, time
from union.infra.embedded import parts
with parts() as endpoints:
    print(endpoints.redis_url, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def data() -> Iterator[Path]:
    with scratch_place("parts-") as place:
        yield place.data / "data"


@pytest.fixture
def environ(data: Path) -> dict[str, str]:
    return {"SANGHA_DATA": str(data)}


@pytest.fixture
def place(environ: dict[str, str]) -> Place:
    return places.find_place(environ)


@contextlib.contextmanager
def other_command(environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_COMMAND],
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout.readline().startswith("redis://")
            yield process
        finally:
            process.kill()


REVIVER = """
from union.infra.embedded import parts
with parts() as endpoints:
    endpoints.revive()
"""


def test_one_killed_under_a_command_that_waits_for_nobody_is_revived_by_another(
    environ: dict[str, str], place: Place
) -> None:
    with parts(environ) as endpoints:
        paper = place.data / "postgres" / "postmaster.pid"
        os.kill(int(paper.read_text().splitlines()[0]), signal.SIGKILL)
        reviver = [sys.executable, "-c", REVIVER]
        subprocess.run(reviver, check=True, env={**os.environ, **environ}, timeout=PATIENCE)
        with psycopg.connect(endpoints.owner_database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        revived = int(paper.read_text().splitlines()[0])
        assert lives(revived)
    wait_for(lambda: not lives(revived), 30)  # one nobody stops ends by itself within a minute


def test_what_was_written_is_there_at_the_next_start(environ: dict[str, str]) -> None:
    with parts(environ) as first:
        with psycopg.connect(first.owner_database_url) as connection:
            connection.execute("CREATE TABLE kept (word text)")
        redis.Redis.from_url(first.redis_url).set("kept", "yes")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(first.database_url)
    said: list[str] = []
    with parts(environ, say=said.append) as second:
        assert said
        assert not [line for line in said if "Making" in line]
        with psycopg.connect(second.owner_database_url) as connection:
            connection.execute("SELECT word FROM kept")
        with redis.Redis.from_url(second.redis_url) as client:
            assert client.get("kept") == b"yes"
    assert second == first


def test_a_second_command_attaches_and_the_last_one_stops(
    environ: dict[str, str], place: Place
) -> None:
    with other_command(environ) as other:
        with parts(environ) as endpoints:
            psycopg.connect(endpoints.database_url).close()
        assert Cluster.of(place).is_running()
        with parts(environ):
            other.send_signal(signal.SIGKILL)
            other.wait()
            assert Keeper.of(place).is_running()
    assert not Cluster.of(place).is_running()
    assert not Keeper.of(place).is_running()


def test_one_who_started_them_may_leave_before_the_others(
    environ: dict[str, str], place: Place
) -> None:
    with contextlib.ExitStack() as others:
        with parts(environ):
            others.enter_context(other_command(environ))
        gc.collect()
        assert Cluster.of(place).is_running()
    with parts(environ):
        pass
    assert not Cluster.of(place).is_running()


def test_who_leaves_parts_to_others_ends_without_a_word(environ: dict[str, str]) -> None:
    starter = (
        "import os, sys\n"
        "from union.infra.embedded import parts\n"
        "with parts(os.environ):\n"
        "    print('up', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", starter],
        env={**os.environ, **environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout.readline() == "up\n"
        with other_command(environ):
            assert first.communicate()[1] == ""
            assert first.returncode == 0
    with parts(environ):
        pass  # Whoever was left them is gone as well: found and stopped.


def test_parts_left_by_a_killed_command_are_found_and_stopped(
    environ: dict[str, str], place: Place
) -> None:
    with other_command(environ) as other:
        other.kill()
        other.wait()
    assert Cluster.of(place).is_running()
    with parts(environ):
        pass
    assert not Cluster.of(place).is_running()


def test_a_cluster_left_half_made_is_made_anew(environ: dict[str, str], place: Place) -> None:
    half = place.runner.make_folder(place.data / "postgres.half")
    (half / "PG_VERSION").write_text("18\n")
    with parts(environ) as endpoints:
        psycopg.connect(endpoints.database_url).close()


def test_only_this_user_may_come_in(environ: dict[str, str], data: Path) -> None:
    with parts(environ) as endpoints:
        assert endpoints.secrets_file.stat().st_mode & 0o077 == 0
        for name in ("postgres", "redis", "run", "logs"):
            assert (data / name).stat().st_mode & 0o077 == 0
        port = endpoints.redis_url.rpartition(":")[2].partition("/")[0]
        with redis.Redis(port=int(port)) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(endpoints.keystore_url.replace("sangha_keys@", "sangha_app_login@"))


def test_no_parent_of_the_clone_is_opened(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    before = home.stat().st_mode
    place = places.find_place({}, clone=home / "clone")
    assert home.stat().st_mode == before
    if place.runner.borrowed:
        assert home not in place.data.parents
        shutil.rmtree(place.data)


def test_a_deep_clone_gets_a_short_socket_folder(tmp_path: Path) -> None:
    deep = tmp_path / "a-folder-with-a-long-name" / "and-another-one-below-it" / "and-one-more"
    place = places.find_place({"SANGHA_DATA": str(deep)})
    assert len(os.fsencode(place.sockets / ".s.PGSQL.5432.lock")) < 107
    shutil.rmtree(place.sockets)


def test_scratch_parts_are_gone_afterwards() -> None:
    with scratch_parts() as endpoints:
        psycopg.connect(endpoints.database_url).close()
    assert not endpoints.data.exists()


def test_a_full_disk_is_said(place: Place) -> None:
    with pytest.raises(StartError, match=r"^The disk is full: free some space at .* and start"):
        places.refuse_full_disk(place.data, needed=2**62)


def test_root_without_a_second_user_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(Runner, "can_run", lambda self: False)
    with pytest.raises(StartError, match="no second user id"):
        Runner.find()


def test_a_user_without_a_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_123)
    with pytest.raises(StartError, match="user id 4000123 has none here"):
        Runner.find()


@pytest.mark.parametrize(
    "url",
    ["postgresql://u:secret@127.0.0.1:1/sangha", "postgresql://u:secret@/x?host=/nowhere"],
)
def test_a_silent_database_is_named_without_its_password(url: str) -> None:
    with pytest.raises(StartError, match="named by DATABASE_URL does not answer") as refused:
        external.find_databases({"DATABASE_URL": url})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["redis://:secret@127.0.0.1:1/0", "not an address"])
def test_a_silent_redis_is_named_without_its_password(url: str) -> None:
    with pytest.raises(StartError, match="named by REDIS_URL does not answer") as refused:
        external.check_redis(url)
    assert "secret" not in str(refused.value)


def test_a_database_of_ones_own_is_furnished(environ: dict[str, str]) -> None:
    with parts(environ) as embedded:
        outside = {
            "SANGHA_DATA": environ["SANGHA_DATA"] + "-other",
            "DATABASE_URL": embedded.database_url.replace("sangha_app_login@", "postgres@"),
            "REDIS_URL": embedded.redis_url,
        }
        with parts(outside) as endpoints:
            assert endpoints.owner_database_url == outside["DATABASE_URL"]
            assert "/sangha_outside" in endpoints.simulator_url
            for url in (endpoints.keystore_url, endpoints.simulator_url):
                psycopg.connect(url).close()
            reach = psycopg.connect(endpoints.database_url, options="-c role=sangha_app")
            assert reach.execute("SELECT current_user").fetchone() == ("sangha_app",)
            reach.close()


def test_a_port_in_use_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StartError, match=f"^Port {port} is in use .*PORT={port + 1} make run"):
            open_port({"PORT": str(port)})


@pytest.mark.parametrize("port", ["eight thousand", "70000", "-1"])
def test_a_port_that_is_none_is_said(port: str) -> None:
    with pytest.raises(StartError, match="PORT must be a number"):
        open_port({"PORT": port})
