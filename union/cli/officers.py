"""``union officers``: the first people who may sign in, appointed at the machine itself."""

from __future__ import annotations

import click

from union.cli.running import running_house
from union.identity.models import Account
from union.identity.services import create_account, give_role
from union.infra.people import new_person
from union.infra.sealing import CIRCLES, Circle, make_circle, make_personal_key
from union.infra.work import Work
from union.kernel.actor import Actor, Grant, Role
from union.members.queries import branch_by_name, member_by_card

ACTOR = Actor.system("command")
SHORTEST_PASSWORD = 12

NO_CARD = "The register has no card {card}."
NO_DISTRICT = "There is no branch called {district}; `union members districts FILE` opens them."
CIRCLE_HELD = "Somebody holds the key to {circle} already; only she can let another person in."
TOO_SHORT = "Choose a password of at least {least} letters; three or four words are good."


@click.group()
def officers() -> None:
    """The people who hold an office."""


@officers.command()
@click.argument("sign_in_name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
)
@click.option("--district", help="Bound her roles to the branch of one district.")
@click.option("--card", help="She stands in the register under this card.")
@click.option("--circle", "circles", multiple=True, type=click.Choice(CIRCLES))
@click.password_option(help="Asked for twice when it is left out, which is better.")
def appoint(
    sign_in_name: str,
    roles: tuple[str, ...],
    district: str | None,
    card: str | None,
    circles: tuple[str, ...],
    password: str,
) -> None:
    """Let somebody sign in as SIGN_IN_NAME with the roles named.

    With --circle she is the first to hold the key to what is sealed there; nobody has it
    without her password, so nobody can give it back to her.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise click.UsageError(TOO_SHORT.format(least=SHORTEST_PASSWORD))
    with running_house() as house, house.unit.begin(ACTOR) as work:
        account = create_account(work, _person(work, card), sign_in_name, password)
        branch_id = _branch(work, district)
        for role in roles:
            give_role(work, account.id, Grant(Role(role), branch_id))
        if circles:
            _hold_keys(work, account, circles, password)
    click.echo(f"{sign_in_name} may sign in now.")


def _person(work: Work, card: str | None) -> int:
    if card is None:
        return new_person(work).id
    member = member_by_card(work.session, card)
    if member is None:
        raise click.UsageError(NO_CARD.format(card=card))
    return member.person_id


def _branch(work: Work, district: str | None) -> int | None:
    if district is None:
        return None
    branch = branch_by_name(work.session, district)
    if branch is None:
        raise click.UsageError(NO_DISTRICT.format(district=district))
    return branch.id


def _hold_keys(work: Work, account: Account, circles: tuple[str, ...], password: str) -> None:
    make_personal_key(work, account.person_id, password)
    for circle in circles:
        if work.session.get(Circle, circle) is not None:
            raise click.UsageError(CIRCLE_HELD.format(circle=circle))
        make_circle(work, circle, [account.person_id])
