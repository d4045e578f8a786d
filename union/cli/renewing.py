"""``union keys renew-web`` and ``renew-signing``: what we sign with, exchanged while all work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import select

from union.cli.running import built_house, current_parts, running_house, settings_of
from union.identity.rules.sessions import SIGN_IN_LASTS
from union.infra import audit
from union.infra.db import owner_engine
from union.infra.embedded import Endpoints
from union.infra.embedded.erased_lists import said_plainly
from union.infra.key_rotation import turn
from union.infra.settings import Secrets
from union.infra.signing import fingerprint
from union.infra.successions import SIGNING_KEY, OurKey, hand_on
from union.infra.web_keys import Exchanged, Step, WebKeys, exchange, exchange_at_once
from union.kernel.actor import Actor
from union.wiring import House

ACTOR = Actor.system("command")
WEB_KEY = "web_key"

SAID = {
    Step.BEGUN: "The next web key counts, and nothing is signed with it yet. Give the secrets file"
    " to each other machine, then call this again.",
    Step.USED: "All is signed with the new web key. Give the secrets file to each other machine"
    " now. What the key before signed counts until {until:%Y-%m-%d %H:%M} UTC; call this again"
    " after that, and it is forgotten.",
    Step.DROPPED: "Only the new web key counts; none of before is left in the secrets file. Give it"
    " to each other machine.",
}

NOT_OURS = "No key of ours is {key}: `union keys signing` says which one signs now."
HANDED_ON = (
    "Key {old} was handed on at {at:%Y-%m-%d %H:%M} UTC. Key {new} signs now: tell the trustees,"
    " face to face, who noted the other one."
)


@click.command("renew-web")
@click.option("--begin", is_flag=True, help="Stop first, to bring the file to other machines.")
@click.option("--at-once", is_flag=True, help="End every sign-in: the key may be in other hands.")
def renew_web(*, begin: bool, at_once: bool) -> None:
    """Exchange the key that cookies and forms are signed with, without ending a sign-in.

    After a kill or a failure call it again: it goes on. Every step is written down.
    """
    if begin and at_once:
        raise click.UsageError("One of the two, --begin or --at-once.")
    with alone() as (endpoints, house):
        file = endpoints.secrets_file
        if at_once:
            _write_down(house, Step.BEGUN, WEB_KEY)
            done = exchange_at_once(file)
        else:
            done = _go_on(house, file, only_begin=begin)
        _write_down(house, done.step, WEB_KEY)
    click.echo(SAID[done.step].format(until=done.until))


def _go_on(house: House, file: Path, *, only_begin: bool) -> Exchanged:
    """The next step, once what the file says was reached before is written down."""
    now, reached = house.clock.now(), WebKeys.of(json.loads(file.read_text())).reached
    if reached is None:
        if _newest(house, WEB_KEY) == (Step.USED, 0):
            return Exchanged(Step.DROPPED)
        reached = exchange(file, now, SIGN_IN_LASTS, only_begin=True).step
    _write_down(house, reached, WEB_KEY)
    return exchange(file, now, SIGN_IN_LASTS, only_begin=only_begin)


@click.command("signing")
def signing() -> None:
    """Say which key signs in the union's name, and from which ones it was handed on."""
    with running_house() as house:
        line = house.settings.secrets.signing.line
    for one in line:
        said = "signs now" if one.until is None else f"handed on at {one.until:%Y-%m-%d %H:%M} UTC"
        click.echo(f"{fingerprint(one.public_key)}  {said}")


@click.command("renew-signing")
@click.argument("key")
@click.option("--former-key", "former_keys", multiple=True, help="Believe this key's lists.")
def renew_signing(key: str, former_keys: tuple[str, ...]) -> None:
    """Hand KEY, the fingerprint of the key that signs now, on to a new one, and forget it.

    Both sign that. What the old one signed stays true; it signs nothing more. After a kill or a
    failure call it again with the same KEY: what is done already is done once.
    """
    with alone() as (endpoints, house):
        file = endpoints.secrets_file
        if _noted(file, key).until is None:
            # What is not as the old one signed it stops this before.
            _list_destroyed(house, former_keys)
            hand_on(file, house.clock.now())
        _list_destroyed(house, former_keys)
        handed_on, now = _noted(file, key), Secrets.from_file(file).signing
        _write_down(house, f"{SIGNING_KEY}_handed_on", SIGNING_KEY, len(now.successions))
    new = fingerprint(now.signer.public_key)
    click.echo(HANDED_ON.format(old=fingerprint(handed_on.public_key), at=handed_on.until, new=new))


def _list_destroyed(house: House, former_keys: tuple[str, ...]) -> None:
    with house.unit.begin(ACTOR) as work, said_plainly():
        work.vault.list_destroyed(former_keys)


def _noted(file: Path, key: str) -> OurKey:
    """Our key of this fingerprint."""
    figures = "".join(key.split()).lower()
    for one in Secrets.from_file(file).signing.line:
        if fingerprint(one.public_key).replace(" ", "") == figures:
            return one
    raise click.UsageError(NOT_OURS.format(key=key))


@contextmanager
def alone() -> Iterator[tuple[Endpoints, House]]:
    """The parts and a house over them, while nobody else changes the secrets file."""
    with current_parts() as endpoints, built_house(settings_of(endpoints)) as house:
        engine = owner_engine(endpoints.keystore_owner_url)
        try:
            with turn(engine):
                yield endpoints, house
        finally:
            engine.dispose()


def _write_down(house: House, step: str, key: str, number: int = 0) -> None:
    """Write the step down, once: a call that only found it done writes nothing."""
    if _newest(house, key) != (step, number):
        with house.unit.begin(ACTOR) as work:
            audit.log(work, step, object_type=key, object_id=number)


def _newest(house: House, key: str) -> tuple[str, int] | None:
    """What was written down last of this key, and its number."""
    newest = (
        select(audit.AuditEntry.action, audit.AuditEntry.object_id)
        .where(audit.AuditEntry.object_type == key)
        .order_by(audit.AuditEntry.id.desc())
        .limit(1)
    )
    with house.unit.reading(ACTOR) as work:
        found = work.session.execute(newest).one_or_none()
    return None if found is None else (found.action, found.object_id)
