"""Every ring, text, missed call and button: open until a person has dealt with it (C1)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from union.crisis.models.kinds import column_of, one_of
from union.crisis.rules.kinds import Attachment, ContactChannel, ContactState, DealtHow, Kind
from union.infra.db import Base, BigId, Instant, KeyRef, Ref


class Contact(Base):
    """Somebody reached us. Number, words and place lie under a key of its own; the cell is coarse.

    ``overflow`` counts how often nobody took it in time: 1 second phones, 2 and more duty officer.
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
