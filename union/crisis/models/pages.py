"""One person asked to come to one incident, and where she stands."""

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
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from union.crisis.models.kinds import column_of, one_of
from union.crisis.rules.kinds import AnsweredBy, AskedAs, PageState
from union.infra.db import Base, BigId, Instant, Ref

_LIVE = "state IN ('asked', 'accepted', 'briefed', 'en_route', 'arrived')"
_COMING = "state IN ('briefed', 'en_route', 'arrived')"
_GOING = "state IN ('accepted', 'briefed', 'en_route', 'arrived')"


class Page(Base):
    """The asking of one person. A delivery means nothing: only her answer moves the state (C3).

    ``answered_by`` is how a human answer came; ``duress_at`` that her other pair was used, and
    ``seems`` what that looks like to whoever must not notice.
    """

    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        one_of("asked_as", AskedAs),
        one_of("state", PageState),
        CheckConstraint(
            "answered_by IN ('live_voice', 'keypad', 'sms', 'link', 'app', 'came_herself')",
            "answered_by",
        ),
        CheckConstraint(
            f"NOT ({_COMING}) OR num_nonnulls(answered_at, answered_by, briefed_at) = 3",
            "counts_when_briefed",
        ),
        CheckConstraint(
            "state <> 'accepted' OR num_nonnulls(answered_at, answered_by) = 2", "human_answer"
        ),
        CheckConstraint(
            f"duress_at IS NULL OR NOT ({_COMING} OR state = 'accepted')", "duress_never_counts"
        ),
        one_of("seems", PageState),
        CheckConstraint("(seems IS NULL) = (duress_at IS NULL)", "seems_only_forced"),
        CheckConstraint("state <> 'arrived' OR arrived_at IS NOT NULL", "arrived_at"),
        CheckConstraint(
            "certificate_id IS NOT NULL OR lapsed_override_by IS NOT NULL"
            " OR asked_as IN ('coordinator', 'duty_officer') OR came_herself",
            "certified_or_marked",
        ),
        Index("page_live_ix", "incident_id", "person_id", unique=True, postgresql_where=_LIVE),
        Index("page_going_ix", "person_id", postgresql_where=_GOING),
        Index("page_incident_ix", "incident_id", "id"),
        Index("page_person_ix", "person_id", "asked_at"),
    )

    id: Mapped[BigId]
    ref: Mapped[Ref]
    incident_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("incident.id"))
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    certificate_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("certificate.id"))
    asked_as: Mapped[AskedAs] = mapped_column(column_of(AskedAs))
    state: Mapped[PageState] = mapped_column(column_of(PageState))
    step: Mapped[int]
    km: Mapped[float | None]
    reasons: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    came_herself: Mapped[bool]
    lapsed_override_by: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    message_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("message.id"))
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    token_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    code: Mapped[str] = mapped_column(String(4))
    wrong_tries: Mapped[int]
    asked_at: Mapped[Instant]
    asked_on: Mapped[date]
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answered_by: Mapped[AnsweredBy | None] = mapped_column(column_of(AnsweredBy))
    briefed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    promised_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    arrived_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    duress_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    seems: Mapped[PageState | None] = mapped_column(column_of(PageState))

    @property
    def shown(self) -> PageState:
        """The state as whoever must not notice a force sees it; decides nothing."""
        return self.seems or self.state
