"""``union doctor``: what somebody should see to, one line each; it shows nothing of anybody."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

import click
from sqlalchemy import func, select

from union.cli.readings import late_readings
from union.cli.running import built_house, current_parts, settings_of
from union.infra.backup_log import last_backup
from union.infra.keystore import data_key
from union.infra.recovery import RecoveryTrouble, recovery_troubles
from union.infra.web_keys import WebKeys
from union.kernel.actor import Actor
from union.wiring import House

OLDEST_BACKUP = timedelta(hours=26)
"""A day, and the two hours by which a nightly one may be late."""

NO_BACKUP = "The union was never backed up: union backup."
OLD_BACKUP = "The last backup is of {at} UTC, {hours} hours ago: union backup."
GOOD_BACKUP = "The last backup is of {at} UTC, {hours} hours ago."
MANY_HELD = "The secrets file holds {count} keys of the machine: a change was begun and not ended."
WEB_KEY_BEGUN = "A web key waits to be used: union keys renew-web."
WEB_KEY_OVER = (
    "A web key of before lies in the secrets file; its time is over: union keys renew-web."
)
NOT_HELD = "{count} keys lie under version {version}, which the secrets file does not hold."

NOT_RECOVERABLE = {
    RecoveryTrouble.NO_SET: "Two trustees could open nothing if everybody else were lost: they"
    " print their papers on the page “If keys are lost”.",
    RecoveryTrouble.NOT_WRAPPED: "Something sealed was not put into the trustees’ set: who holds it"
    " does that on the page “If keys are lost”.",
    RecoveryTrouble.NOT_REHEARSED: "Two papers were not tried for a year: union keys"
    " recovery-export, then union keys rehearse.",
}


@click.command()
def doctor() -> None:
    """Say what needs somebody; exit 1 if anything does."""
    with current_parts() as endpoints, built_house(settings_of(endpoints)) as house:
        wrong = [*_backup(house), *_keys(house), *_readings(house), *_recovery(house)]
    for line in wrong:
        click.echo(line)
    sys.exit(bool(wrong))


def _backup(house: House) -> Iterator[str]:
    with house.unit.reading(Actor.system("doctor")) as work:
        last = last_backup(work.session)
        is_fresh, line = said_of_backup(last, work.clock.now())
    if is_fresh:
        click.echo(line, err=True)
    else:
        yield line


def said_of_backup(last: datetime | None, now: datetime) -> tuple[bool, str]:
    """Whether the last backup is fresh enough at this instant, and the line that says so."""
    if last is None:
        return False, NO_BACKUP
    is_fresh = now - last <= OLDEST_BACKUP
    line = GOOD_BACKUP if is_fresh else OLD_BACKUP
    hours = int((now - last) / timedelta(hours=1))
    return is_fresh, line.format(at=f"{last:%Y-%m-%d %H:%M}", hours=hours)


def said_of_web_keys(keys: WebKeys, now: datetime) -> Iterator[str]:
    """What is left of an exchange of the web key that nobody ended."""
    until = keys.last_until()
    if keys.next is not None:
        yield WEB_KEY_BEGUN
    elif until is not None and until <= now:
        yield WEB_KEY_OVER


def _readings(house: House) -> list[str]:
    with house.unit.reading(Actor.system("doctor")) as work:
        return late_readings(work)


def _recovery(house: House) -> list[str]:
    with house.unit.reading(Actor.system("doctor")) as work:
        return [NOT_RECOVERABLE[trouble] for trouble in recovery_troubles(work)]


def _keys(house: House) -> Iterator[str]:
    yield from said_of_web_keys(house.settings.secrets.web_keys, house.clock.now())
    held = dict(house.settings.secrets.machine_keys.held)
    if len(held) > 1:
        yield MANY_HELD.format(count=len(held))
    counted = (
        select(data_key.c.machine_key_version, func.count())
        .where(data_key.c.wrapped.is_not(None))
        .group_by(data_key.c.machine_key_version)
    )
    with house.key_engine.connect() as connection:
        for version, count in connection.execute(counted):
            if version not in held:
                yield NOT_HELD.format(count=count, version=version)
