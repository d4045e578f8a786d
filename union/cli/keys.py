"""``union keys``: the machine's key changed for a new one, and how the key store stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import Engine, text

from union.cli.recovering import VERBS
from union.cli.renewing import renew_signing, renew_web, signing
from union.cli.running import print_json, running_house, say
from union.infra.db import owner_engine
from union.infra.embedded import Endpoints, parts
from union.infra.key_rotation import DROP, STAGES, rotate
from union.infra.keystore_schema import bring_forward
from union.infra.machine_keys import MachineKeys, write_whole
from union.infra.sealed_files import new_recipient
from union.legal.services import seal_cases

ROTATED = (
    "{count} keys were wrapped anew under version {version}. What was backed up of the keys before"
    " this opens only with the secrets that were packed with it."
)
STOPPED = (
    "Stopped after `{until}`; the secrets file holds versions {held}. Where several machines have a"
    " secrets file of their own, give each this one now, and then call `union keys rotate` again."
)
SETTLED = "{count} cases were sealed. Those nobody could open yet are left for another time."
THERE_ALREADY = "{file} is there already; nothing was changed."
_COUNTS = text(
    "SELECT machine_key_version, wrapped IS NULL AS gone, count(*) AS rows FROM data_key"
    " GROUP BY 1, 2 ORDER BY 1, 2"
)


@click.group()
def keys() -> None:
    """The keys under which everything lies."""


@keys.command("rotate")
@click.option(
    "--until",
    type=click.Choice(STAGES),
    default=DROP,
    help="Stop after this stage, to bring the secrets file to other machines in between.",
)
def change(until: str) -> None:
    """Wrap every data key anew under a new key of the machine, and forget the old one.

    Everything goes on meanwhile. After a kill or a failure call it again: it goes on.
    """
    with _key_store() as (endpoints, engine):
        done = rotate(endpoints.secrets_file, engine, until, say)
    if until == DROP:
        click.echo(ROTATED.format(count=done.wrapped_anew, version=done.version))
    else:
        held = ", ".join(str(version) for version in done.held)
        click.echo(STOPPED.format(until=until, held=held))


@keys.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
def status(*, as_json: bool) -> None:
    """Say how many keys lie under which version, and which versions the secrets file holds."""
    with _key_store() as (endpoints, engine), engine.connect() as connection:
        held = MachineKeys.read(endpoints.secrets_file)
        fence = connection.scalar(text("SELECT lowest FROM key_fence"))
        counted = connection.execute(_COUNTS).all()
    standing = Counter({row.machine_key_version: row.rows for row in counted if not row.gone})
    destroyed = sum(row.rows for row in counted if row.gone)
    for version, _ in held.held:
        mark = ", the current one" if version == held.current else ""
        click.echo(f"Version {version}{mark}: {standing[version]} keys")
    for version in sorted(standing.keys() - dict(held.held).keys()):
        click.echo(f"Version {version}, NOT in the secrets file: {standing[version]} keys")
    click.echo(f"{destroyed} keys were destroyed. No new key lies below version {fence}.")
    if as_json:
        by_version = {str(version): count for version, count in standing.items()}
        print_json({"keys": by_version, "destroyed": destroyed, "current": held.current})


@keys.command("settle")
def seal_what_is_there() -> None:
    """Seal the words of cases that were written before their people had opening words.

    Nobody's words are needed for it. After a kill or a failure call it again: it goes on.
    """
    with running_house() as house:
        click.echo(SETTLED.format(count=seal_cases(house.unit)))


@keys.command("recipient")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def make_recipient(file: Path) -> None:
    """Make the pair for backups: FILE gets the half that opens them, the other is printed.

    Copy FILE to paper or to two sticks that lie apart, try one of them, and remove it from here.
    """
    secret, public = new_recipient()
    if file.exists():
        raise click.UsageError(THERE_ALREADY.format(file=file))
    write_whole(file, f"{secret}\n".encode())
    click.echo(public)


for _verb in (*VERBS, renew_web, signing, renew_signing):
    keys.add_command(_verb)


@contextmanager
def _key_store() -> Iterator[tuple[Endpoints, Engine]]:
    """The key store as its owner, brought to where this version wants it."""
    with parts(say=say) as endpoints:
        bring_forward(endpoints.keystore_owner_url, endpoints.keystore_url)
        engine = owner_engine(endpoints.keystore_owner_url)
        try:
            yield endpoints, engine
        finally:
            engine.dispose()
