"""One replay from an empty database to its figures."""

from __future__ import annotations

import contextlib
import csv
import functools
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import sessionmaker

from union import demo
from union.cli.replay.desk import PROVIDER, Desk, report_of
from union.cli.replay.lines import Line, read_lines
from union.cli.replay.people import FORCED, HERS, People
from union.cli.replay.world import WATCHER, World
from union.cli.running import scratch_house
from union.crisis import services
from union.crisis.invariants import INVARIANTS
from union.crisis.models import Contact, Incident, Page, TeamProfile
from union.crisis.queries.candidates import candidates
from union.crisis.rules.choosing import on_shift
from union.crisis.rules.kinds import (
    FILLED_BY,
    OPEN_INCIDENT,
    AskedAs,
    Attachment,
    ContactChannel,
    ContactState,
    IncidentState,
)
from union.gateways.port import Inbound
from union.identity.models import Account
from union.identity.services import give_role
from union.infra.people import new_person
from union.infra.sealing import CIRCLES, make_circle, make_personal_key
from union.infra.work import UnitOfWork, Work, no_nudge
from union.kernel.actor import Grant, Role
from union.kernel.clock import UNION_ZONE, ManualClock
from union.kernel.ids import new_ref, new_token
from union.members.models import Branch
from union.members.queries import branch_by_name, branches
from union.members.rules.districts import District
from union.members.services import NewBranch, NewMember, NewPhone, add_branches, add_member
from union.messages.models import Attempt, Message
from union.messages.services import UnionDoor, store_inbound
from union.office.services.register_import import import_register
from union.wiring import CALLS

if TYPE_CHECKING:
    from union.wiring import House

DATA = Path(demo.__file__).parent / "data"
TAIL = timedelta(hours=36)
LATE = timedelta(seconds=5)
IN_CHARGE = (Role.OPERATOR, Role.OPERATOR, Role.COORDINATOR, Role.COORDINATOR, Role.DUTY_OFFICER)

Tell = Callable[[str], None]
Look = Callable[["House"], None]


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of a replay; undealt, late and lost pages and violations should be 0."""

    contacts: int
    incidents: int
    attached: int
    resolved: int
    waiting: int
    pages: int
    late_pages: int
    lost_pages: int
    undealt: int
    violations: int
    events: int


def replay(content: str, seed: int, tell: Tell, afterwards: Look | None = None) -> Figures:
    """Play a file in databases of its own; the same seed, the same month, shown ``afterwards``."""
    lines = read_lines(content, ZoneInfo(UNION_ZONE), seed)
    clock = ManualClock(lines[0].at - timedelta(hours=1))
    tell("Making databases of its own")
    with contextlib.ExitStack() as stack:
        house = stack.enter_context(scratch_house(clock))
        tell("Taking the register and the teams in")
        with house.unit.begin(WATCHER) as work:
            operators = _found_union(work)
        tell(f"Playing {len(lines)} calls")
        world = World(_own_unit(house, stack.enter_context(house.engine.connect())), clock, seed)
        desk = Desk(world, operators, {line.number: line for line in lines})
        people = People(world, UnionDoor(world.unit, CALLS), desk.arrived_there)
        world.after_each += [people.notice, desk.notice]
        for line in lines:
            world.at(line.at, _ringing(world, desk, people, line))
        world.run(lambda: _is_over(house), lines[-1].at + TAIL)
        if afterwards is not None:
            afterwards(house)
        return _figures(house, world)


def _own_unit(house: House, connection: Connection) -> UnitOfWork:
    """One connection, for one thing happens at a time; what follows an end is left to lawyers."""
    crisis = {
        fact: tuple(handler for handler in told if handler.startswith("union.crisis."))
        for fact, told in house.unit.routes.items()
    }
    make = sessionmaker(connection, expire_on_commit=False)
    return replace(house.unit, sessions=make, routes=crisis, nudge=no_nudge)


def _found_union(work: Work) -> list[int]:
    """The register and the teams of the repository, digits for everybody, people in charge."""
    with (DATA / "districts.csv").open(encoding="utf-8") as file:
        add_branches(work, [NewBranch.of(_district(row)) for row in csv.DictReader(file)])
    officer = new_person(work)
    make_personal_key(work, officer.id, new_token())
    for circle in CIRCLES:
        make_circle(work, circle, [officer.id])
    import_register(work, (DATA / "register.csv").read_bytes())
    services.import_teams(work, (DATA / "teams.csv").read_text(encoding="utf-8").splitlines())
    services.import_landmarks(
        work, (DATA / "landmarks.csv").read_text(encoding="utf-8").splitlines()
    )
    branch = branches(work.session)[0]
    in_charge = [(role, _in_charge(work, branch, role, n)) for n, role in enumerate(IN_CHARGE)]
    for person_id in work.session.scalars(select(TeamProfile.person_id)).all():
        services.set_digits(work, person_id, HERS, FORCED)
    return [person_id for role, person_id in in_charge if role is Role.OPERATOR]


def _district(row: dict[str, str]) -> District:
    also = tuple(part.strip() for part in row["also_written"].split(";") if part.strip())
    return District(
        row["district"], also, row["headquarters"], float(row["lat"]), float(row["lon"])
    )


def _in_charge(work: Work, branch: Branch, role: Role, number: int) -> int:
    member = add_member(
        work,
        NewMember(
            branch_id=branch.id,
            card_number=f"KA/{99001 + number}",
            phones=(NewPhone(f"+9150000{99001 + number}", valid=False),),
        ),
    )
    account = Account(
        person_id=member.person_id,
        sign_in_name=new_ref(),
        made_at=work.clock.now(),
        confirmed_at=work.clock.now(),
    )
    work.session.add(account)
    work.session.flush()
    give_role(work, account.id, Grant(role))
    services.profile_of(work, member.person_id)
    return member.person_id


def _ringing(world: World, desk: Desk, people: People, line: Line) -> Callable[[], None]:
    def ring() -> None:
        with world.unit.begin(WATCHER) as work:
            if line.by in (ContactChannel.APP, ContactChannel.OWN_RESPONDER):
                _press_button(work, desk, people, line)
            else:
                store_inbound(work, _inbound(line))

    return ring


def _inbound(line: Line) -> Inbound:
    """What the provider tells: a text carries its words, and the place she wrote with them."""
    way = {ContactChannel.HOTLINE: "call", ContactChannel.MISSED_CALL: "missed_call"}
    words = " ".join(part for part in (line.text, line.place) if part)
    return Inbound(
        provider=PROVIDER,
        provider_id=str(line.number),
        channel=way.get(line.by, "sms"),
        from_number=line.callback,
        to_number="",
        body=words if line.by is ContactChannel.SMS else "",
        at=line.at.astimezone(UTC),
    )


def _press_button(work: Work, desk: Desk, people: People, line: Line) -> None:
    report = report_of(line, work)
    if line.by is ContactChannel.OWN_RESPONDER:
        report = replace(report, coming_person_id=_who_was_called(work, line))
    contact = services.receive_contact(work, report)
    desk.contacts[contact.id] = line
    for page in work.session.scalars(
        select(Page).where(Page.incident_id == contact.incident_id, Page.came_herself)
    ):
        people.world.after(30, functools.partial(people.sets_out, page.id, 10.0))


def _who_was_called(work: Work, line: Line) -> int | None:
    """The file does not say which responder was rung: the first of that district who is awake."""
    branch = branch_by_name(work.session, line.district or "")
    local = work.clock.now().astimezone(work.clock.zone)
    near = [
        one
        for one in candidates(work, FILLED_BY[AskedAs.RESPONDER], 0)
        if branch is not None and one.branch_id == branch.id and not one.busy
    ]
    awake = [one.person_id for one in near if on_shift(one.shift, local)]
    return next(iter([*awake, *(one.person_id for one in near)]), None)


def _is_over(house: House) -> bool:
    with house.unit.reading(WATCHER) as work:
        open_contacts = work.session.scalar(
            select(func.count()).where(Contact.state != ContactState.DEALT)
        )
        open_incidents = work.session.scalar(
            select(func.count()).where(Incident.state.in_(OPEN_INCIDENT))
        )
    return not open_contacts and not open_incidents


def _figures(house: House, world: World) -> Figures:
    with house.unit.reading(WATCHER) as work:
        count = work.session.scalar
        broken = sum(len(work.session.execute(text(q)).all()) for q in INVARIANTS.values())
        return Figures(
            contacts=count(select(func.count(Contact.id))) or 0,
            incidents=count(
                select(func.count(Incident.id)).where(Incident.state != IncidentState.MERGED)
            )
            or 0,
            attached=count(
                select(func.count(Contact.id)).where(
                    Contact.attachment.in_((Attachment.CONFIRMED, Attachment.PROVISIONAL))
                )
            )
            or 0,
            resolved=count(
                select(func.count(Incident.id)).where(Incident.state == IncidentState.CLOSED)
            )
            or 0,
            waiting=count(select(func.count(Incident.id)).where(Incident.state.in_(OPEN_INCIDENT)))
            or 0,
            pages=count(select(func.count(Page.id)).where(~Page.came_herself)) or 0,
            late_pages=_late(work),
            lost_pages=_lost(work),
            undealt=count(select(func.count(Contact.id)).where(Contact.state != ContactState.DEALT))
            or 0,
            violations=world.violations + broken,
            events=world.events,
        )


def _late(work: Work) -> int:
    """Pages that reached a gateway's door more than five seconds after they were asked."""
    first = (
        select(Attempt.message_id, func.min(Attempt.ended_at).label("at"))
        .join(Message, Message.id == Attempt.message_id)
        .where(Attempt.state == "handed_over", Message.purpose == "page")
        .group_by(Attempt.message_id)
        .subquery()
    )
    return (
        work.session.scalar(
            select(func.count())
            .select_from(first)
            .join(Message, Message.id == first.c.message_id)
            .where(first.c.at > Message.made_at + LATE)
        )
        or 0
    )


def _lost(work: Work) -> int:
    """Pages that never reached a gateway's door, and of which nobody was told so."""
    handed = select(Attempt.message_id).where(Attempt.state == "handed_over")
    return (
        work.session.scalar(
            select(func.count(Message.id)).where(
                Message.purpose == "page",
                Message.template == "page",
                Message.state.not_in(("withheld", "withdrawn", "unsent")),
                Message.id.not_in(handed),
            )
        )
        or 0
    )


def as_json(figures: Figures) -> dict[str, int]:
    """The figures as the command prints them."""
    return asdict(figures)
