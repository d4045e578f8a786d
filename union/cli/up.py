"""``union up``: everything at once on this machine, under one supervisor.

Owns the order of the steps and the list of processes; must never do their work.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import os
import platform
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import click

from union.cli.demo import ensure_demonstration
from union.cli.running import prepare, say
from union.demo.cards import pretended_cards
from union.demo.people import PEOPLE
from union.infra.embedded import Endpoints, StartError, parts
from union.infra.embedded.places import CLONE
from union.infra.logs import configure
from worker import fallback, pages, run, ticker
from worker.child import Command
from worker.queues import QUEUES
from worker.supervisor import Supervisor

HOST = "127.0.0.1"
DEFAULT_PORT = 8000
BACKLOG = 128
FORKS = platform.system() == "Linux"

PORT_IN_USE = (
    "Port {port} is in use by another program: stop it, or choose another port, "
    "for example PORT={other} make run."
)
PORT_UNREADABLE = "PORT must be a number from 1 to 65535; it is {port!r}."
PORT_REFUSED = "Port {port} may not be opened by this user: choose one above 1023 with PORT."
"""What is wrong with the port, and what to do."""


def plan(door: socket.socket) -> list[Command]:
    """The processes of one deployment: pages, one worker per queue, ticker, fallback sender.

    On Linux all begin with what this process has imported: half the wait at the start and a third
    of the memory.
    """
    served = str(door.fileno())
    web = partial(pages.main, [served])
    return [
        _command("pages", "worker.pages", web, served, keeps=(door.fileno(),)),
        *(_command(queue, "worker.run", partial(run.main, [queue]), queue) for queue in QUEUES),
        _command("ticker", "worker.ticker", ticker.main),
        _command("fallback", "worker.fallback", fallback.main),
    ]


def _command(
    name: str, module: str, inside: Callable[[], int], *arguments: str, keeps: Sequence[int] = ()
) -> Command:
    if FORKS:
        return Command(name, inside=inside, keeps=keeps)
    return Command(name, [sys.executable, "-m", module, *arguments], keeps=keeps)


def open_port(environ: Mapping[str, str]) -> socket.socket:
    """Take the port to serve on, for as long as the socket is open; StartError says what to do.

    Whoever calls before the pages are up waits, and the port is not lost while they restart.
    """
    text = environ.get("PORT", str(DEFAULT_PORT))
    with contextlib.ExitStack() as stack:
        door = stack.enter_context(socket.socket())
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            port = int(text)
            door.bind((HOST, port))
            door.listen(BACKLOG)
        except (ValueError, OverflowError) as error:
            raise StartError(PORT_UNREADABLE.format(port=text)) from error
        except PermissionError as error:
            raise StartError(PORT_REFUSED.format(port=port)) from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise StartError(PORT_IN_USE.format(port=port, other=port + 1)) from error
        stack.pop_all()
        return door


@click.command()
def up() -> None:
    """Start everything, with a demonstration union on the first run; Ctrl-C stops it."""
    os.chdir(CLONE)
    configure("up")
    with open_port(os.environ) as door, parts(say=say) as endpoints:
        port = door.getsockname()[1]
        say("Bringing the databases up to date")
        prepare(endpoints)
        environment = _environment(endpoints, port)
        if ensure_demonstration(endpoints, say):
            environment["SANGHA_DEMONSTRATION"] = "1"
            environment = {**pretended_cards(f"http://{HOST}:{port}"), **environment}
        say("Starting pages, workers and ticker")
        Supervisor(plan(door), environment, _show).run(
            partial(_announce_once_open, port), partial(_keep_up, endpoints)
        )
        say("Stopping")
    say("Stopped; everything is kept for the next time")


def _environment(endpoints: Endpoints, port: int) -> dict[str, str]:
    return {
        **os.environ,
        **endpoints.environment(),
        "PUBLIC_URL": os.environ.get("PUBLIC_URL", f"http://{HOST}:{port}"),
        "PYTHONUNBUFFERED": "1",
    }


def _keep_up(endpoints: Endpoints) -> None:
    try:
        endpoints.revive()
    except StartError as error:
        say(str(error))


def _show(name: str, line: str) -> None:
    click.echo(f"{name:>10} | {line}")


def _announce_once_open(port: int) -> bool:
    if not _answers(port):
        return False
    click.echo(f"\nOpen http://{HOST}:{port}/ and be one of these (name, then password):\n")
    for person in PEOPLE:
        click.echo(f"  {person.what:<24} {person.sign_in_name:<14} {person.password}")
    click.echo(f"\nThe team's telephones: http://{HOST}:{port}/outside/phones")
    click.echo(f"The pretended card company: http://{HOST}:{port}/outside/cards/")
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
