"""Lays the telephones of the team on the simulator's table, under words one can find them by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from sqlalchemy import any_, literal, select

from union.crisis.models import TeamProfile
from union.gateways.simulator import Phones
from union.infra.work import Work
from union.kernel.actor import Actor
from union.members.queries import member_views
from union.messages.queries import reach_of
from union.messages.rules.reach import Channel
from union.messages.services import add_handset
from union.wiring import House

ACTOR = Actor.system("demonstration")
LONGEST_LABEL = 80

DigitsOf = Callable[[str], tuple[str, str]]


def lay_out_phones(house: House, digits_of: DigitsOf) -> None:
    """A telephone for everybody who can be paged; a second time changes nothing.

    Its label ends with her own two digits and the pair for when she is forced, so that whoever
    tries the demonstration can be her.
    """
    if house.outside is None:
        return
    with house.unit.begin(ACTOR) as work:
        _give_notices(work)
    with house.unit.reading(ACTOR) as work:
        labels = _labels(work, digits_of)
    phones = Phones(house.outside, house.clock)
    for number, names in labels.items():
        phones.place(number, " / ".join(names)[:LONGEST_LABEL])


def _give_notices(work: Work) -> None:
    """Who wants notices of the app has a telephone that shows them; a second time none is added."""
    wish = select(TeamProfile.person_id).where(literal("app") == any_(TeamProfile.reached_by))
    people = work.session.scalars(wish.order_by(TeamProfile.person_id)).all()
    for person_id, reach in reach_of(work, people).items():
        number = reach.addresses.get(Channel.SMS)
        if number is not None and Channel.PUSH not in reach.addresses:
            add_handset(work, person_id, number)


def _labels(work: Work, digits_of: DigitsOf) -> dict[str, list[str]]:
    people = work.session.scalars(
        select(TeamProfile.person_id)
        .where(TeamProfile.digits_hash.is_not(None))
        .order_by(TeamProfile.person_id)
    ).all()
    reaches, views = reach_of(work, people), member_views(work, people)
    labels: defaultdict[str, list[str]] = defaultdict(list)
    for person_id in people:
        number = reaches[person_id].addresses.get(Channel.SMS)
        view = views.get(person_id)
        if number is not None and view is not None:
            hers, forced = digits_of(view.card)
            labels[number].append(f"{view.label} · {hers} / {forced}")
    return labels
