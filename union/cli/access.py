"""``union access``: who opens what, as a paper made from the table that decides it."""

from __future__ import annotations

import click
from flask import Flask
from flask_wtf import CSRFProtect

from union.factory import BLUEPRINTS
from union.messages.views import providers
from union.web import leaving
from union.web.access.document import pages_of, write_document


@click.group()
def access() -> None:
    """Who opens which page."""


@access.command()
def document() -> None:
    """Print the access table as Markdown; `docs/access.md` is this."""
    click.echo(written(), nl=False)


def written() -> str:
    """The paper; no database is needed, for it tells of the code alone."""
    app = Flask("access")
    for blueprint in (*BLUEPRINTS, providers.blueprint):
        app.register_blueprint(blueprint)
    leaving.install(app, CSRFProtect())
    return write_document(pages_of(app))
