"""The program ``union``: one command per module of this package, each called as its module.

Owns how commands are found and how an error becomes one sentence; must never do a command's work.
"""

from __future__ import annotations

import errno
import gc
import importlib
import sys

import click

from union.infra.embedded.errors import DISK_FULL, StartError
from union.kernel.errors import UnionError

COMMANDS = (
    "access",
    "backup",
    "bank",
    "books",
    "check",
    "crisis",
    "db",
    "demo",
    "doctor",
    "dues",
    "erasures",
    "keys",
    "members",
    "office",
    "officers",
    "readings",
    "restore",
    "retention",
    "up",
    "ways",
)


class Program(click.Group):
    """A group that imports a command only when it is asked for."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Every command's name."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name: the object called as its module."""
        if name not in COMMANDS:
            return None
        # What is imported stays to the end: it is not looked through for garbage, now or later,
        # nor is its memory written to in whoever is forked from here.
        gc.disable()
        command: click.Command = getattr(importlib.import_module(f"union.cli.{name}"), name)
        gc.freeze()
        gc.enable()
        return command


@click.command(cls=Program)
def program() -> None:
    """Sangha: register, dues, crisis line and welfare of a workers' union."""


def main() -> None:
    """Run one command; what stops it is said in one sentence."""
    try:
        program.main(prog_name="union")
    except StartError as error:
        _give_up(str(error))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _give_up(DISK_FULL.format(place=error.filename or "the data place"))
    except UnionError as error:
        _give_up(f"This was refused ({error.code}).")


def _give_up(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(1)
