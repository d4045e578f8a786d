"""Tables of training and drills: what became of each certificate, and pages that count nowhere."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from union.crisis.models.kinds import column_of, one_of
from union.crisis.rules.drills import DrillState
from union.crisis.rules.kinds import AnsweredBy
from union.infra.db import Base, BigId, Instant, Ref


class CertificateEvent(Base):
    """What became of a certificate; never changed. ``words`` lie under her own key."""

    __tablename__ = "certificate_event"
    __table_args__ = (
        CheckConstraint("what IN ('trained', 'renewed', 'revoked', 'end_told')", "what"),
        Index("certificate_event_certificate_ix", "certificate_id", "id"),
        Index(
            "certificate_event_told_key",
            "certificate_id",
            unique=True,
            postgresql_where="what = 'end_told'",
        ),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    certificate_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("certificate.id"))
    what: Mapped[str] = mapped_column(String(24))
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[Instant]
    by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))


class DrillPlan(Base):
    """Whether drills go out every month; the latest row holds, none is ever changed."""

    __tablename__ = "drill_plan"

    id: Mapped[BigId]
    is_on: Mapped[bool]
    at: Mapped[Instant]
    by_person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))


class DrillPage(Base):
    """One drill of one person in one month: a page in everything but that nobody needs her.

    It stands in a table of its own, so that no figure of incidents can ever count it.
    """

    __tablename__ = "drill_page"
    __table_args__ = (
        UniqueConstraint("person_id", "month"),
        UniqueConstraint("token_hash"),
        one_of("state", DrillState),
        CheckConstraint(
            "answered_by IN ('live_voice', 'keypad', 'sms', 'link', 'app')", "answered_by"
        ),
        CheckConstraint(
            "(state = 'answered') = (num_nonnulls(answered_at, answered_by) = 2)", "human_answer"
        ),
        CheckConstraint("(state IN ('planned', 'let_be')) = (sent_at IS NULL)", "sent"),
        CheckConstraint("duress_at IS NULL OR state <> 'answered'", "duress_never_counts"),
        CheckConstraint("(spoken_at IS NULL) = (spoken_by_person_id IS NULL)", "spoken"),
        Index("drill_page_person_ix", "person_id", "month"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    month: Mapped[date]
    state: Mapped[DrillState] = mapped_column(column_of(DrillState))
    due_at: Mapped[Instant]
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    message_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("message.id"))
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    code: Mapped[str] = mapped_column(String(4))
    wrong_tries: Mapped[int]
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answered_by: Mapped[AnsweredBy | None] = mapped_column(column_of(AnsweredBy))
    duress_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    spoken_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    spoken_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
