"""``union up``: everything at once on this machine, under one supervisor.

Takes the port before anything slow is even imported, so that a port in use is said at once; what
then happens is ``union.cli.serving``.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import socket
from collections.abc import Mapping

import click

from union.infra.embedded.errors import StartError
from union.infra.embedded.places import CLONE

HOST = "127.0.0.1"
SHOWN_HOST = "localhost"
"""How a browser on this machine is to call us: it asks a telephone's lock only at a name."""

DEFAULT_PORT = 8000
BACKLOG = 128

PORT_IN_USE = (
    "Port {port} is in use by another program: stop it, or choose another port, "
    "for example PORT={other} make run."
)
PORT_UNREADABLE = "PORT must be a number from 1 to 65535; it is {port!r}."
PORT_REFUSED = "Port {port} may not be opened by this user: choose one above 1023 with PORT."
"""What is wrong with the port, and what to do."""


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
    with open_port(os.environ) as door:
        port = door.getsockname()[1]
        click.echo(f"· Port {port} is free; unpacking the pages", err=True)
        importlib.import_module("union.cli.serving").serve(door)
