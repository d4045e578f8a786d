"""Teams, contacts and incidents for tests, and a driver that is all the workers in one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from tests.builders.identity import make_account
from tests.builders.members import make_branch, make_member
from tests.builders.messages import FakeProvider, gateways
from union.crisis import services
from union.crisis.models import Contact, Incident, Page
from union.crisis.rules.kinds import ContactChannel, Kind, Shift, TeamRole
from union.identity.services import give_role
from union.infra.outbox import OutboxDelivery, deliver_due
from union.infra.timers import Timer, fire_due
from union.infra.work import UnitOfWork, Work
from union.kernel.actor import Actor, Grant, Role
from union.kernel.clock import ManualClock
from union.messages.models import Attempt
from union.messages.queries import due_channels
from union.messages.services import end_leases, send_due
from union.wiring import HANDLERS, ROUTES, TIMERS

HERS, FORCED = "47", "74"
BENGALURU = (12.97, 77.59)
_phones = iter(range(8_000_000_000, 8_000_900_000))


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


def day_and_night(count: int, shift: Shift = Shift.ANY) -> list[Shift]:
    return [shift] * count


@dataclass
class Workers:
    """Everything the workers do, in this process and on the test's own clock."""

    unit: UnitOfWork
    clock: ManualClock
    provider: FakeProvider = field(default_factory=FakeProvider)

    def settle(self) -> None:
        """Do what is due until nothing is."""
        for _ in range(200):
            if not self._round():
                return
        message = "the workers never come to rest"
        raise AssertionError(message)

    def _round(self) -> int:
        done = deliver_due(self.unit, HANDLERS) + fire_due(self.unit, TIMERS)
        with self.unit.reading(Actor.system("test")) as work:
            ways = due_channels(work)
        for way in ways:
            done += send_due(self.unit, gateways(self.provider), way)
        with self.unit.begin(Actor.system("test")) as work:
            return done + end_leases(work)

    def run_for(self, span: timedelta) -> None:
        """Let time pass, doing each thing at the instant it is due."""
        until = self.clock.now() + span
        self.settle()
        while (at := self.next_at()) is not None and at <= until:
            self.clock.move_to(max(at, self.clock.now()))
            self.settle()
        self.clock.move_to(until)
        self.settle()

    def next_at(self) -> datetime | None:
        """When something is due next."""
        with self.unit.reading(Actor.system("test")) as work:
            ask = work.session.scalar
            found = (
                ask(
                    select(func.min(func.coalesce(Timer.lease_until, Timer.due_at))).where(
                        Timer.done_at.is_(None)
                    )
                ),
                ask(select(func.min(Attempt.due_at)).where(Attempt.state == "due")),
                ask(select(func.min(Attempt.lease_until)).where(Attempt.state == "leased")),
                ask(
                    select(func.min(OutboxDelivery.due_at)).where(OutboxDelivery.done_at.is_(None))
                ),
            )
        return min((at for at in found if at is not None), default=None)


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
    "ROUTES",
    "Workers",
    "as_person",
    "live_page",
    "make_in_charge",
    "make_responder",
    "pages_by_state",
    "report",
]
