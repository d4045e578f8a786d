"""What ``union up`` does once it has the port: parts, demonstration, processes, and what is shown.

Owns the order of the steps and the list of processes; must never do their work.
"""

from __future__ import annotations

import http.client
import os
import platform
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial

import click

from union.cli.demo import ensure_demonstration
from union.cli.running import prepare, say
from union.cli.up import HOST, SHOWN_HOST
from union.demo.cards import pretended_cards
from union.demo.people import PEOPLE
from union.infra.embedded import Endpoints, StartError, parts
from union.infra.logs import LogFile, configure
from union.infra.ways_settings import ways_settings
from worker import fallback, pages, run, ticker
from worker.child import Command
from worker.queues import QUEUES, named_queues
from worker.supervisor import Supervisor

FORKS = platform.system() == "Linux"
LOG = "union.log"


def serve(door: socket.socket) -> None:
    """Serve on the open socket until Ctrl-C or SIGTERM; StartError says what to do."""
    configure("up")
    with parts(say=say) as endpoints:
        port = door.getsockname()[1]
        say("Bringing the databases up to date")
        prepare(endpoints)
        environment = _environment(endpoints, port)
        shown = ensure_demonstration(endpoints, say)
        ways = ways_settings(environment, demonstration=shown)
        if shown:
            environment["SANGHA_DEMONSTRATION"] = "1"
            environment = {**pretended_cards(f"http://{SHOWN_HOST}:{port}"), **environment}
        say("Starting pages, workers and ticker")
        log = LogFile(endpoints.data / "logs" / LOG)
        Supervisor(plan(door, named_queues(ways)), environment, partial(show, log)).run(
            partial(_announce_once_open, port, log), partial(_keep_up, endpoints)
        )
        say("Stopping")
    say("Stopped; everything is kept for the next time")


def plan(door: socket.socket, further: Sequence[str] = ()) -> list[Command]:
    """The processes of one deployment: pages, one worker per queue, ticker, fallback sender.

    ``further`` are the queues that only this deployment has.

    On Linux all begin with what this process has imported: half the wait at the start and a third
    of the memory.
    """
    served = str(door.fileno())
    web = partial(pages.main, [served])
    return [
        _command("pages", "worker.pages", web, served, keeps=(door.fileno(),)),
        *(
            _command(queue, "worker.run", partial(run.main, [queue]), queue)
            for queue in (*QUEUES, *further)
        ),
        _command("ticker", "worker.ticker", ticker.main),
        _command("fallback", "worker.fallback", fallback.main),
    ]


def _command(
    name: str, module: str, inside: Callable[[], int], *arguments: str, keeps: Sequence[int] = ()
) -> Command:
    if FORKS:
        return Command(name, inside=inside, keeps=keeps)
    return Command(name, [sys.executable, "-m", module, *arguments], keeps=keeps)


def _environment(endpoints: Endpoints, port: int) -> dict[str, str]:
    return {
        **os.environ,
        **endpoints.environment(),
        "PUBLIC_URL": os.environ.get("PUBLIC_URL", f"http://{SHOWN_HOST}:{port}"),
        "PYTHONUNBUFFERED": "1",
    }


def _keep_up(endpoints: Endpoints) -> None:
    try:
        endpoints.revive()
    except StartError as error:
        say(str(error))


def show(log: LogFile, name: str, line: str) -> None:
    """Keep a line a process said; only what is no log line is shown on the screen too."""
    if log.keep(line):
        return
    click.echo(f"{name:>10} | {line}")


def _announce_once_open(port: int, log: LogFile) -> bool:
    if not _answers(port):
        return False
    click.echo(f"\nOpen http://{SHOWN_HOST}:{port}/ and press who to be.")
    click.echo("What stands beside is asked for where something is sealed or signed.\n")
    for person in PEOPLE:
        click.echo(f"  {person.what:<24} {person.sign_in_name:<14} {person.password}")
    click.echo(f"\nThe team's telephones: http://{SHOWN_HOST}:{port}/outside/phones")
    click.echo(f"The pretended card company: http://{SHOWN_HOST}:{port}/outside/cards/")
    click.echo(f"What the processes note: {log.path}")
    click.echo("\nCtrl-C stops everything.\n")
    return True


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except OSError:
        return False
    finally:
        connection.close()
    return True
