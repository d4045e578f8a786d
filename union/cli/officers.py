"""``union officers``: the first people who may sign in, appointed at the machine itself.

Whoever sits at it prints a slip of paper; it never sets, reads or asks for anybody's secret.
"""

from __future__ import annotations

import click

from union.cli.running import running_house
from union.identity.errors import CircleHeldError, NobodyWaitsError, OwnAccountError
from union.identity.models import Account
from union.identity.queries import account_by_name, still_begins
from union.identity.rules import read_sign_in_name
from union.identity.services import give_role, propose_role
from union.identity.services.enrolment import confirm_account, invite, print_slip
from union.identity.services.opening import wish_circle
from union.infra.people import new_person
from union.infra.sealing import CIRCLES
from union.infra.work import Work
from union.kernel.actor import Actor, Grant, Role
from union.members.queries import branch_by_name, member_by_card

ACTOR = Actor.system("command")

NO_CARD = "The register has no card {card}."
NO_DISTRICT = "There is no branch called {district}; `union members districts FILE` opens them."
CIRCLE_HELD = "Somebody holds the key to {circle} already; only she can let another person in."
WAITS = "Two people who give offices must agree before she holds: {offices}."
NO_ACCOUNT = "Nobody signs in as {name}."
NOBODY_WAITS = "Nobody of this name waits with these digits. Look at her screen once more."
TWO_SEE = 'Two people were seen already: one of them does it, on her page "Who stands beside you?".'
SLIP = """
  Her slip, which works once and for three days. Give it to her and keep no copy:

      {slip}

  With it she chooses her own secrets at {address}/begin; then somebody who knows her must see her.
"""


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
def appoint(
    sign_in_name: str,
    roles: tuple[str, ...],
    district: str | None,
    card: str | None,
    circles: tuple[str, ...],
) -> None:
    """Print a slip for whoever is to sign in as SIGN_IN_NAME, and propose her for the roles named.

    A union's first offices are given here, until two people may give them; from then on two of
    those agree to each on their own page, "Who holds an office".

    With --circle she is the first to hold the key to what is sealed there, once she has chosen
    her opening words; nobody has it without those, so nobody can give it back to her.
    """
    with running_house() as house, house.unit.begin(ACTOR) as work:
        account = invite(work, _person(work, card), sign_in_name)
        branch_id = _branch(work, district)
        asked = [
            role for role in roles if not _is_given(work, account, Grant(Role(role), branch_id))
        ]
        for circle in circles:
            _wish(work, circle, account.person_id)
        printed = print_slip(work, account)
        name, address = account.sign_in_name, house.settings.public_url
    click.echo(f"She will sign in as {name}.")
    click.echo(SLIP.format(slip=printed, address=address))
    if asked:
        click.echo(WAITS.format(offices=", ".join(asked)))


@officers.command()
@click.argument("sign_in_name")
def slip(sign_in_name: str) -> None:
    """Print another slip for SIGN_IN_NAME, who lost her secrets or let hers run out.

    Once she has used it, all her sign-ins end, somebody must see her anew, and for a day her
    notebook opens no more than her dues.
    """
    with running_house() as house, house.unit.begin(ACTOR) as work:
        account = account_by_name(work, read_sign_in_name(sign_in_name))
        if account is None:
            raise click.UsageError(NO_ACCOUNT.format(name=sign_in_name))
        printed, address = print_slip(work, account), house.settings.public_url
    click.echo(SLIP.format(slip=printed, address=address))


@officers.command()
@click.argument("sign_in_name")
@click.argument("digits")
def seen(sign_in_name: str, digits: str) -> None:
    """Say that SIGN_IN_NAME stands here and reads DIGITS from her screen.

    For a union's first two people only; every other is seen by one of those.
    """
    with running_house() as house, house.unit.begin(ACTOR) as work:
        try:
            confirm_account(work, sign_in_name, digits)
        except NobodyWaitsError as error:
            raise click.UsageError(NOBODY_WAITS) from error
        except OwnAccountError as error:
            raise click.UsageError(TWO_SEE) from error
    click.echo(f"{sign_in_name} may sign in now.")


def _is_given(work: Work, account: Account, grant: Grant) -> bool:
    """Whether the role is hers at once; if not, it waits for two hands."""
    if grant.role is Role.MEMBER or still_begins(work):
        give_role(work, account.id, grant)
        return True
    propose_role(work, account.id, grant)
    return False


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


def _wish(work: Work, circle: str, person_id: int) -> None:
    try:
        wish_circle(work, circle, person_id)
    except CircleHeldError as error:
        raise click.UsageError(CIRCLE_HELD.format(circle=circle)) from error
