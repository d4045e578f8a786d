"""``union ways``: how words leave here, and which texts a country's carriers do not know.

Reads settings only; it sends nothing and opens no database.
"""

from __future__ import annotations

import json
import os
import sys

import click

from union.infra.ways_settings import WaysSettings, ways_settings
from union.messages.rules.registered import all_texts, missing

NONE = "No provider is named: set SMS_PROVIDERS and VOICE_PROVIDERS (docs/deploy.md)."
NO_NUMBER = (
    '{country}: the text "{name}" has no number there, so it is not sent by text message. Register '
    "it with the carriers and write its number into the file of SMS_REGISTERED."
)
CLOSED = "{name}: nothing comes in from it, for it has no secret: set SMS_{upper}_WEBHOOK_SECRET."


@click.group()
def ways() -> None:
    """The providers of texts and calls."""


@ways.command()
def check() -> None:
    """Say how words leave, and what keeps some from leaving; exit 1 if anything does."""
    settings = ways_settings(os.environ, demonstration=False)
    if settings is None:
        click.echo(NONE, err=True)
        sys.exit(1)
    for way, names in (("Texts", settings.sms), ("Calls", settings.voice)):
        click.echo(f"{way}: {', '.join(names) or 'none'}")
    wrong = _wrong(settings)
    for sentence in wrong:
        click.echo(sentence, err=True)
    sys.exit(bool(wrong))


@ways.command()
@click.argument("country")
def texts(country: str) -> None:
    """Print every text as it is to be registered, and the file to fill in with the numbers."""
    for name, text in all_texts().items():
        click.echo(f"{name}\t{text}", err=True)
    empty = dict.fromkeys(all_texts(), "")
    click.echo(json.dumps({country.upper(): {"entity": "", "texts": empty}}, indent=2))


def _wrong(settings: WaysSettings) -> list[str]:
    unknown = [
        NO_NUMBER.format(country=country, name=name)
        for country, name in missing(settings.registrations)
    ]
    closed = [
        CLOSED.format(name=name, upper=name.upper())
        for name, one in settings.http.items()
        if not one.webhook_secret
    ]
    return closed + unknown
