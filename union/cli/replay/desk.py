"""The simulated desk: operators who take what waits, ring back, listen, write down, end things."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from sqlalchemy import select

from union.cli.replay.lines import Line
from union.cli.replay.world import World
from union.crisis import services
from union.crisis.models import Contact, Incident, Page
from union.crisis.rules.kinds import (
    OPEN_INCIDENT,
    AskedAs,
    AsSheWished,
    Attachment,
    ClosedBy,
    ContactChannel,
    ContactState,
    DealtHow,
    Kind,
    Outcome,
    PageState,
)
from union.crisis.services.contacts import TRIES
from union.infra.work import Work
from union.kernel.actor import Actor
from union.kernel.errors import UnionError
from union.members.queries import member_by_card
from union.messages.models import InboundMessage

SAFE_WORD = "jasmine"
PROVIDER = "replay-call"
TOLD = (DealtHow.SPOKEN, DealtHow.ATTACHED)
STAY_HELD = 1 / 4
ENDS: Mapping[Kind, Outcome] = {
    Kind.ARREST_OR_RAID: Outcome.RELEASED_BY_POLICE,
    Kind.MEDICAL_EMERGENCY: Outcome.TAKEN_TO_HOSPITAL,
    Kind.PARTNER_VIOLENCE: Outcome.TAKEN_TO_SAFETY,
    Kind.THREAT_TO_OWN_LIFE: Outcome.TALKED_THROUGH,
}


@dataclass
class Desk:
    """Two operators. ``contacts`` knows which line a contact came from, for what she would say."""

    world: World
    operators: list[int]
    lines: Mapping[int, Line]
    contacts: dict[int, Line] = field(default_factory=dict)
    _free: list[int] = field(default_factory=list)
    _promised: set[int] = field(default_factory=set)
    _ending: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Everybody is free."""
        self._free = list(self.operators)

    def notice(self) -> None:
        """Free operators take what waits longest, a little later, as people do."""
        if not self._free:
            return
        with self.world.unit.reading(Actor.system("desk")) as work:
            waiting = self._waiting(work)
        for contact_id in waiting[: len(self._free)]:
            self._promised.add(contact_id)
            operator = self._free.pop(0)
            wait = self.world.chance("desk", contact_id, self.world.events).uniform(3, 25)
            self.world.after(wait, self._later(self._take, contact_id, operator))

    def arrived_there(self, incident_id: int, person_id: int) -> None:
        """Somebody is there: some time later she tells the desk how it ended."""
        if incident_id in self._ending:
            return
        self._ending.add(incident_id)
        minutes = self.world.chance("ends", incident_id).uniform(12, 80)
        self.world.after(minutes * 60, lambda: self._end(incident_id, person_id, ClosedBy.SAW_HER))

    def _waiting(self, work: Work) -> list[int]:
        rows = work.session.scalars(
            select(Contact)
            .where(Contact.state == ContactState.OPEN)
            .order_by(Contact.incident_id.is_not(None), Contact.received_at, Contact.id)
        )
        return [row.id for row in rows if row.id not in self._promised]

    def _take(self, contact_id: int, operator: int) -> None:
        with self._as(operator) as work:
            contact = services.take_contact(work, contact_id)
            line = self._line(work, contact)
            channel, told = contact.channel, contact.kind
        chance = self.world.chance("call", contact_id)
        if line is None or told is Kind.RESPONDER_SAFETY:
            self.world.after(40, lambda: self._deal(contact_id, operator, DealtHow.ATTACHED))
        elif channel is ContactChannel.MISSED_CALL and not line.answers_callback:
            self.world.after(
                chance.uniform(20, 40), self._later(self._no_answer, contact_id, operator)
            )
        elif channel in (ContactChannel.APP, ContactChannel.OWN_RESPONDER):
            how = DealtHow.ATTACHED
            self.world.after(
                chance.uniform(15, 60), lambda: self._confirm(contact_id, operator, line, how)
            )
        else:
            self.world.after(
                chance.uniform(8, 25), lambda: self._listen(contact_id, operator, line)
            )

    def _listen(self, contact_id: int, operator: int, line: Line) -> None:
        """She tells; the operator writes while she talks."""
        chance = self.world.chance("talk", contact_id)
        quiet = line.by is ContactChannel.SMS and not line.may_call_back
        with self._as(operator) as work:
            if not quiet:
                contact = services.tell_more(work, contact_id, report_of(line, work))
                if line.kind is Kind.THREAT_TO_OWN_LIFE and contact.incident_id is not None:
                    services.leave_safe_word(work, contact.incident_id, SAFE_WORD)
                    incident_id = contact.incident_id
                    self.world.after(1500, lambda: self._hear(incident_id))
        how = DealtHow.ATTACHED if quiet else DealtHow.SPOKEN
        if line.kind is Kind.NUISANCE:
            how = DealtHow.NUISANCE
        elif line.kind is Kind.UNKNOWN and line.place is None and line.event == line.number:
            how = DealtHow.NO_NEED
        self.world.after(
            chance.uniform(25, 110), lambda: self._confirm(contact_id, operator, line, how)
        )

    def _confirm(self, contact_id: int, operator: int, line: Line, how: DealtHow) -> None:
        """A guess of ours is confirmed, or undone when it was wrong."""
        with self._as(operator) as work:
            contact = work.session.get_one(Contact, contact_id)
            if contact.attachment is Attachment.PROVISIONAL and contact.incident_id is not None:
                first = work.session.scalars(
                    select(Contact)
                    .where(Contact.incident_id == contact.incident_id)
                    .order_by(Contact.attachment != Attachment.OPENED, Contact.id)
                ).first()
                other = self.contacts.get(first.id) if first else None
                if other is not None and other.event != line.event:
                    services.split_off(work, contact_id)
        self._deal(contact_id, operator, how)

    def _deal(self, contact_id: int, operator: int, how: DealtHow) -> None:
        with self._as(operator) as work:
            if work.session.get_one(Contact, contact_id).incident_id is None and how in TOLD:
                how = DealtHow.NO_NEED
            services.deal_with(work, contact_id, how)
        self._free.append(operator)

    def _no_answer(self, contact_id: int, operator: int) -> None:
        with self._as(operator) as work:
            tries = services.note_try(work, contact_id).tries
            if tries >= TRIES:
                services.deal_with(work, contact_id, DealtHow.NOT_REACHED)
        self._free.append(operator)
        if tries < TRIES:
            self.world.after(290, lambda: self._promised.discard(contact_id))

    def _hear(self, incident_id: int) -> None:
        """The counsellor has talked with her; she says her word."""
        with self.world.unit.reading(Actor.system("desk")) as work:
            counsellor = work.session.scalar(
                select(Page.person_id).where(
                    Page.incident_id == incident_id,
                    Page.asked_as == AskedAs.COUNSELLOR,
                    Page.state.in_((PageState.BRIEFED, PageState.EN_ROUTE, PageState.ARRIVED)),
                )
            )
        if counsellor is None:
            self.world.after(600, lambda: self._hear(incident_id))
        else:
            self._end(incident_id, counsellor, ClosedBy.HEARD_SAFE_WORD)

    def _end(self, incident_id: int, witness: int, how: ClosedBy) -> None:
        with self._as(self.operators[0]) as work:
            incident = work.session.get_one(Incident, incident_id)
            while incident.merged_into_id is not None:
                incident = work.session.get_one(Incident, incident.merged_into_id)
            if incident.state not in OPEN_INCIDENT:
                return
            chance = self.world.chance("outcome", incident_id)
            outcome = ENDS.get(incident.kind, Outcome.SETTLED_THERE)
            if incident.kind is Kind.ARREST_OR_RAID and chance.random() < STAY_HELD:
                outcome = Outcome.STILL_HELD
            wished = chance.choices(list(AsSheWished), weights=(6, 3, 1))[0]
            services.close_incident(
                work,
                incident.id,
                services.Closing(
                    how,
                    outcome,
                    wished,
                    witness,
                    safe_word=SAFE_WORD,
                    follow_up=incident.kind is Kind.POLICE_HARASSMENT,
                ),
            )

    def _line(self, work: Work, contact: Contact) -> Line | None:
        if contact.id not in self.contacts and contact.inbound_id is not None:
            inbound = work.session.get_one(InboundMessage, contact.inbound_id)
            if inbound.provider == PROVIDER:
                self.contacts[contact.id] = self.lines[int(inbound.provider_id)]
        return self.contacts.get(contact.id)

    def _as(self, person_id: int) -> AbstractContextManager[Work]:
        return self.world.unit.begin(Actor(person_id, None, frozenset()))

    def _later(
        self, do: Callable[[int, int], None], contact_id: int, operator: int
    ) -> Callable[[], None]:
        def done() -> None:
            try:
                do(contact_id, operator)
            except UnionError:
                # Somebody else has dealt with it meanwhile: the operator is free again.
                self._free.append(operator)
                self._promised.discard(contact_id)

        return done


def report_of(line: Line, work: Work) -> services.Report:
    """What a caller of this line tells."""
    return services.Report(
        channel=line.by,
        number=line.callback,
        words=line.text,
        place=line.place,
        district=line.district,
        point=line.point,
        person_id=person_of(work, line),
        kind=line.kind,
        people=line.people,
        language=line.speaks,
        may_call_back=line.may_call_back,
    )


def person_of(work: Work, line: Line) -> int | None:
    """The member who calls, if she stands in the register."""
    member = member_by_card(work.session, line.card) if line.card else None
    return member.person_id if member else None
