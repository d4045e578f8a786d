"""``union db``: the schema's commands."""

from __future__ import annotations

import click

from union.cli.running import prepare, say
from union.infra.embedded import parts


@click.group()
def db() -> None:
    """The databases' schemas."""


@db.command()
def upgrade() -> None:
    """Bring every schema to where this version wants it."""
    with parts(say=say) as endpoints:
        prepare(endpoints)
    say("The databases are up to date")
