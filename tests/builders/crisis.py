"""Teams, contacts and incidents for tests, and a driver that is all the workers in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from sqlalchemy import select

from tests.builders.identity import give_role, make_account
from tests.builders.members import make_branch, make_member
from tests.builders.messages import FakeProvider, gateways
from union.cli.replay.workers import Workers as RealWorkers
from union.crisis import services
from union.crisis.models import Contact, Incident, IncidentEvent, Page
from union.crisis.rules.kinds import ContactChannel, DealtHow, IncidentState, Kind, TeamRole
from union.gateways.port import Inbound, VoiceScript
from union.infra.work import UnitOfWork, Work
from union.kernel.actor import Actor, Grant, Role
from union.kernel.clock import ManualClock
from union.messages.models import Attempt, Message
from union.messages.services import Pressed, store_inbound
from union.messages.services.inbound import keep_answer
from union.wiring import ROUTES

NIGHT = Actor.system("story")
HERS, FORCED = "47", "74"
BENGALURU = (12.97, 77.59)
_calls = count(1)
_phones = iter(range(5_800_000_000, 5_800_900_000))


def make_responder(work: Work, branch=None, role=TeamRole.RESPONDER, **fields) -> int:
    """A certified person who can be paged, with ``HERS`` and ``FORCED`` as her pairs."""
    branch = branch or make_branch(work)
    member = make_member(work, branch, phone=fields.pop("phone", str(next(_phones))))
    fields.setdefault("starts_on", date(2025, 1, 1))
    fields.setdefault("ends_on", date(2027, 1, 1))
    fields.setdefault("point", (17.91, 77.52))
    services.add_certificate(
        work,
        services.NewCertificate(
            person_id=member.person_id, role=role, branch_id=branch.id, **fields
        ),
    )
    services.set_digits(work, member.person_id, HERS, FORCED)
    return member.person_id


def make_in_charge(work: Work, role: Role) -> int:
    """A coordinator, a duty officer or an operator, with a phone and digits."""
    member = make_member(work, phone=str(next(_phones)))
    account = make_account(work, member.person_id)
    give_role(work, account.id, Grant(role))
    services.set_digits(work, member.person_id, HERS, FORCED)
    return member.person_id


def as_person(unit: UnitOfWork, person_id: int):
    """A unit of work in which this person acts."""
    return unit.begin(Actor(person_id, None, frozenset()))


def report(work: Work, **fields) -> Contact:
    """A contact from a place in Bidar, unless told otherwise."""
    fields.setdefault("channel", ContactChannel.WALK_IN)
    fields.setdefault("kind", Kind.CLIENT_VIOLENCE)
    fields.setdefault("place", "Bidar lodge lane")
    fields.setdefault("district", "Bidar")
    return services.receive_contact(work, services.Report(**fields))


class Workers:
    """The replay's workers over a provider that can be broken."""

    def __init__(self, unit: UnitOfWork, clock: ManualClock) -> None:
        self.clock = clock
        self.provider = FakeProvider()
        self.all = RealWorkers(unit, clock, gateways(self.provider))

    def settle(self):
        """Do what is due until nothing is; when something will be."""
        return self.all.settle()

    def run_for(self, span: timedelta) -> None:
        """Let time pass, doing each thing at the instant it is due."""
        until = self.clock.now() + span
        due = self.settle()
        while due is not None and due <= until:
            self.clock.move_to(max(due, self.clock.now()))
            due = self.settle()
        self.clock.move_to(until)
        self.settle()


@dataclass
class Night:
    """What a story does and sees, each thing in a commit of its own."""

    unit: UnitOfWork
    workers: Workers
    clock: ManualClock

    def team(self, count: int, *, district=("Bidar", 17.91, 77.52), **fields) -> list[int]:
        with self.unit.begin(NIGHT) as work:
            branch = make_branch(work, *district)
            fields.setdefault("point", district[1:])
            return [make_responder(work, branch, **fields) for _ in range(count)]

    def in_charge(self, role: Role) -> int:
        with self.unit.begin(NIGHT) as work:
            return make_in_charge(work, role)

    def call(self, **fields) -> int | None:
        """Somebody reaches us; the incident, if one was opened or found."""
        with self.unit.begin(NIGHT) as work:
            found = report(work, **fields).incident_id
        self.workers.settle()
        return found

    def state(self, incident_id: int) -> IncidentState:
        with self.unit.reading(NIGHT) as work:
            return work.session.get_one(Incident, incident_id).state

    def pages(self, incident_id: int) -> dict[str, list[int]]:
        with self.unit.reading(NIGHT) as work:
            return pages_by_state(work, work.session.get_one(Incident, incident_id))

    def asked(self, incident_id: int) -> list[int]:
        return self.pages(incident_id).get("asked", [])

    def said(self, incident_id: int) -> list[str]:
        """The timeline's codes."""
        with self.unit.reading(NIGHT) as work:
            rows = select(IncidentEvent.code).where(IncidentEvent.incident_id == incident_id)
            return list(work.session.scalars(rows.order_by(IncidentEvent.id)))

    def do(self, person_id: int, act, *rest):
        """A service of hers on her newest page."""
        with self.unit.begin(NIGHT) as work:
            done = act(work, live_page(work, person_id).id, *rest)
        self.workers.settle()
        return done

    def comes(self, person_id: int, digits: str = HERS):
        """She answers on her link and is briefed."""
        return self.do(person_id, services.answer_link, digits)

    def as_person(self, person_id: int, act, *rest):
        with as_person(self.unit, person_id) as work:
            done = act(work, *rest)
        self.workers.settle()
        return done

    def deal_with_all(self, operator: int) -> None:
        """The desk has dealt with everything that hangs on an incident."""
        with as_person(self.unit, operator) as work:
            for contact_id in work.session.scalars(select(Contact.id)).all():
                services.deal_with(work, contact_id, DealtHow.ATTACHED)

    def passes(self, **span) -> None:
        self.workers.run_for(timedelta(**span))


def press_keys(work: Work, page: Page, *keys: str, number: str | None = None) -> VoiceScript:
    """Ring her about this page, and press these keys one after the other; what she hears last.

    ``number`` is the telephone that was rung; by default one that belongs to nobody.
    """
    attempt = work.session.scalars(
        select(Attempt).where(Attempt.message_id == page.message_id).order_by(Attempt.id.desc())
    ).first()
    message = work.session.get_one(Message, page.message_id)
    call, told = next(_calls), VoiceScript(say=())
    for step, digits in enumerate(keys):
        kept = store_inbound(
            work,
            Inbound(
                provider="fake",
                provider_id=f"call-{call}-{step}",
                channel="keypad",
                from_number=number or f"+91{5_899_000_000 + call}",
                to_number="+915000000000",
                body=digits,
                at=work.clock.now(),
                key=attempt.key,
            ),
            routed=True,
        )
        pressed = Pressed(
            message.id, page.person_id, message.purpose, "en", kept.inbound_id, digits
        )
        told = services.pressed_keys(work, pressed)
        keep_answer(work, kept.inbound_id, told)
    return told


def pages_by_state(work: Work, incident: Incident) -> dict[str, list[int]]:
    """Who stands where, by the state's word."""
    found: dict[str, list[int]] = {}
    for page in work.session.scalars(
        select(Page).where(Page.incident_id == incident.id).order_by(Page.id)
    ):
        found.setdefault(page.state.value, []).append(page.person_id)
    return found


def live_page(work: Work, person_id: int) -> Page:
    """Her newest page."""
    return work.session.scalars(
        select(Page).where(Page.person_id == person_id).order_by(Page.id.desc())
    ).first()


__all__ = [
    "BENGALURU",
    "FORCED",
    "HERS",
    "NIGHT",
    "ROUTES",
    "Night",
    "Workers",
    "as_person",
    "live_page",
    "make_in_charge",
    "make_responder",
    "pages_by_state",
    "press_keys",
    "report",
]
