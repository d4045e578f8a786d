"""``union backup``: the union and its keys into sealed files, in two places."""

from __future__ import annotations

import os
from pathlib import Path

import click

from union.cli.running import built_house, current_parts, say, settings_of
from union.infra.backup_log import BackupMade
from union.infra.backups import KEYS, KINDS, MAIN, Manifest, prune
from union.infra.embedded import StartError, find_place
from union.infra.embedded.saving import Folders, Saving
from union.infra.sealed_files import recipient
from union.infra.signing import fingerprint
from union.kernel.actor import Actor
from union.kernel.clock import Clock, SystemClock

ACTOR = Actor.system("backup")

SAME_DISK = (
    "Both folders lie on one disk, so whoever takes it has the union and its keys, and when it "
    "fails both are gone. Give the keys another place; for a trial say --same-disk."
)
NO_RECIPIENT = (
    "Say by --for (or BACKUP_FOR) who may open the backup: `union keys recipient FILE` makes the "
    "pair, of which FILE is kept away from here."
)
MADE = (
    "Backup {id}: the union as of {as_of}, {main} bytes; its keys, {keys} bytes.\n"
    "It is signed by the key {key}: write that down where the backups are not."
)

_FOLDER = click.Path(exists=True, file_okay=False, writable=True, path_type=Path)


@click.command()
@click.argument("folder", type=_FOLDER)
@click.argument("keys_folder", type=_FOLDER)
@click.option("--for", "whom", multiple=True, envvar="BACKUP_FOR", help="Who may open it.")
@click.option("--former-key", "former_keys", multiple=True, help="Believe this key's lists.")
@click.option("--same-disk", is_flag=True, help="Only for a trial: both on one disk.")
@click.option("--prune", "forget", is_flag=True, help="Remove backups older than they are kept.")
def backup(
    folder: Path,
    keys_folder: Path,
    whom: tuple[str, ...],
    former_keys: tuple[str, ...],
    *,
    same_disk: bool,
    forget: bool,
) -> None:
    """Seal the union into FOLDER, and its keys and secrets into KEYS_FOLDER.

    Everything goes on meanwhile. Nothing lies in the clear at any time; only who holds the other
    half of --for opens it again. With --prune the union is kept for 35 days and its keys for 14.
    """
    recipients = [recipient(one) for one in whom]
    if not recipients:
        raise StartError(NO_RECIPIENT)
    if not same_disk and folder.stat().st_dev == keys_folder.stat().st_dev:
        raise StartError(SAME_DISK)
    clock = SystemClock()
    folders = Folders(folder.resolve(), keys_folder.resolve())
    with current_parts() as endpoints:
        place = find_place(os.environ)
        manifest = Saving(endpoints, place, recipients, clock, say, former_keys).into(folders)
        with (
            built_house(settings_of(endpoints), clock) as house,
            house.unit.begin(ACTOR) as work,
        ):
            work.session.add(_row(manifest, clock))
            ours = house.settings.secrets.signing.public_keys
    click.echo(
        MADE.format(
            id=manifest.id,
            as_of=f"{manifest.main.as_of:%Y-%m-%d %H:%M} UTC",
            main=manifest.main.bytes,
            keys=manifest.keys.bytes,
            key=fingerprint(manifest.public_key),
        )
    )
    if forget:
        _prune(folders, clock, ours)


def _row(manifest: Manifest, clock: Clock) -> BackupMade:
    return BackupMade(
        ref=manifest.id,
        began_at=manifest.made_at,
        ended_at=clock.now(),
        main_sha256=manifest.main.sha256,
        keys_sha256=manifest.keys.sha256,
    )


def _prune(folders: Folders, clock: Clock, ours: frozenset[bytes]) -> None:
    where = {MAIN: folders.main, KEYS: folders.keys}
    for kind in KINDS:
        for name in prune(where[kind], kind, clock.now(), ours):
            click.echo(f"Removed {name}")
