"""``union retention``: what is kept and how long, as a paper, and whether the nights came through.

Prints kinds and numbers; whose records went is said nowhere.
"""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask_babel import Babel

from union.cli.running import running_house
from union.kernel.actor import Actor
from union.office.retention.document import write_document
from union.office.retention.queries import last_day, late_kinds


@click.group()
def retention() -> None:
    """What we keep, and for how long."""


@retention.command()
def document() -> None:
    """Print the rules as Markdown; `docs/retention.md` is this."""
    click.echo(written(), nl=False)


@retention.command()
def state() -> None:
    """Say when records were last looked through, and what did not come through; exit 1 if any."""
    with running_house() as house, house.unit.reading(Actor.system("command")) as work:
        last, late = last_day(work), late_kinds(work)
    click.echo(f"Looked through last: {f'{last:%Y-%m-%d %H:%M} UTC' if last else 'never'}.")
    for kind in late:
        click.echo(f"Not through since an earlier night: {kind}.", err=True)
    sys.exit(bool(late))


def written() -> str:
    """The paper; no database is needed, for it tells of the code alone."""
    app = Flask("retention")
    Babel(app)
    with app.app_context():
        return write_document()
