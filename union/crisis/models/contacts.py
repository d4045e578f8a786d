"""Every ring, text, missed call and button: open until a person has dealt with it (C1)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from union.crisis.models.kinds import column_of, one_of
from union.crisis.rules.kinds import Attachment, ContactChannel, ContactState, DealtHow, Kind
from union.crisis.rules.menu import Asked
from union.crisis.rules.minors import Decision
from union.infra.db import Base, BigId, Instant, KeyRef, Ref


class Contact(Base):
    """Somebody reached us. Number, words and place lie under a key of its own; the cell is coarse.

    ``overflow`` counts how often nobody took it in time: 1 second phones, 2 and more duty officer.
    ``menu`` is what a machine asked the caller last, ``call_message_id`` our call back to her. With
    ``sealed_at`` place and words lie in ``SealedTelling`` and nowhere else.
    """

    __tablename__ = "contact"
    __table_args__ = (
        one_of("channel", ContactChannel),
        one_of("state", ContactState),
        one_of("kind", Kind),
        CheckConstraint("attachment IN ('opened', 'provisional', 'confirmed')", "attachment"),
        CheckConstraint(
            "(state = 'dealt') = (num_nonnulls(dealt_at, dealt_by_person_id, dealt_how) = 3)",
            "dealt_by_a_person",
        ),
        CheckConstraint("(incident_id IS NULL) = (attachment IS NULL)", "attached"),
        CheckConstraint("state <> 'taken' OR taken_by_person_id IS NOT NULL", "taken_by_a_person"),
        one_of("menu", Asked),
        CheckConstraint("sealed_at IS NULL OR may_be_minor_at IS NOT NULL", "sealed_for_a_minor"),
        CheckConstraint(
            "channel <> 'other_pin' OR (person_id IS NOT NULL AND call_message_id IS NULL)",
            "other_pin",
        ),
        Index("contact_call_ix", "call_message_id", postgresql_where="call_message_id IS NOT NULL"),
        Index("contact_minor_ix", "id", postgresql_where="may_be_minor_at IS NOT NULL"),
        Index("contact_open_ix", "received_at", postgresql_where="state <> 'dealt'"),
        Index("contact_incident_ix", "incident_id"),
        Index("contact_number_ix", "number_index", "received_at"),
        Index(
            "contact_inbound_ix",
            "inbound_id",
            unique=True,
            postgresql_where="inbound_id IS NOT NULL",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    channel: Mapped[ContactChannel] = mapped_column(column_of(ContactChannel))
    received_at: Mapped[Instant]
    inbound_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("inbound_message.id"))
    key_ref: Mapped[KeyRef]
    number: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    place: Mapped[bytes | None] = mapped_column(LargeBinary)
    person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    branch_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("branch.id"))
    cell: Mapped[str | None] = mapped_column(String(15))
    cell_exact: Mapped[bool]
    kind: Mapped[Kind] = mapped_column(column_of(Kind))
    people: Mapped[int | None]
    language: Mapped[str | None] = mapped_column(String(40))
    gender_wish: Mapped[str | None] = mapped_column(String(20))
    may_call_back: Mapped[bool]
    state: Mapped[ContactState] = mapped_column(column_of(ContactState))
    overflow: Mapped[int]
    tries: Mapped[int]
    taken_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    taken_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    dealt_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    dealt_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    dealt_how: Mapped[DealtHow | None] = mapped_column(column_of(DealtHow))
    incident_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("incident.id"))
    attachment: Mapped[Attachment | None] = mapped_column(column_of(Attachment))
    likelihood: Mapped[int | None]
    menu: Mapped[Asked | None] = mapped_column(column_of(Asked))
    call_message_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("message.id"))
    put_through_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    may_be_minor_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sealed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SealedTelling(Base):
    """What somebody told who may be a child; only the circle of the named officers opens it."""

    __tablename__ = "sealed_telling"
    __table_args__ = (Index("sealed_telling_contact_ix", "contact_id", "id"),)

    id: Mapped[BigId]
    ref: Mapped[Ref]
    contact_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contact.id"))
    at: Mapped[Instant]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class MinorDecision(Base):
    """What a named officer decided about somebody who may be a child; never changed."""

    __tablename__ = "minor_decision"
    __table_args__ = (
        one_of("decision", Decision),
        Index("minor_decision_contact_ix", "contact_id", "id"),
    )

    id: Mapped[BigId]
    contact_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contact.id"))
    at: Mapped[Instant]
    by_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    decision: Mapped[Decision] = mapped_column(column_of(Decision))


class Staying(Base):
    """Somebody is with her until ``until``, unless she says again that she still is."""

    __tablename__ = "staying"
    __table_args__ = (
        CheckConstraint(
            "ended_how IN ('handed_on', 'left', 'ran_out', 'incident_ended')", "ended_how"
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", "ended"),
        CheckConstraint("until > since", "lease"),
        Index("staying_open_key", "incident_id", unique=True, postgresql_where="ended_at IS NULL"),
        Index("staying_incident_ix", "incident_id", "id"),
    )

    id: Mapped[BigId]
    incident_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("incident.id"))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    since: Mapped[Instant]
    until: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_how: Mapped[str | None] = mapped_column(String(24))


class QuietNumber(Base):
    """A number whose calls wait behind the others, by a person's word; never refused."""

    __tablename__ = "quiet_number"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by_person_id IS NULL)", "ended"),
        Index("quiet_number_ix", "number_index", postgresql_where="ended_at IS NULL"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    key_ref: Mapped[KeyRef]
    number: Mapped[bytes] = mapped_column(LargeBinary)
    number_index: Mapped[bytes] = mapped_column(LargeBinary)
    since: Mapped[Instant]
    by_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
