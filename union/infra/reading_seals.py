"""The chain over all readings, and its signed ends, day by day (P3).

The database lays every seal itself (``reading_lay_seal``); this asks it to, signs where the chain
ends, and says what does not hold. A timer seals within a minute of a reading, another says the head
after midnight. Nothing here stands in a page's way, and nothing opens a reading's words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    FetchedValue,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from union.infra.db import Base, Instant
from union.infra.readings import READINGS, SEAL_READINGS, ReadingRow
from union.infra.signed_heads import BrokenHead, SaidHead, broken_among, ends_of
from union.infra.signing import Signature, is_signed
from union.infra.successions import Line, keys_on
from union.infra.timers import Timer, TimerHandler, finish_timers, set_timer, take_timer
from union.infra.work import Work
from union.kernel.ids import in_fours

CHAIN_LOCK = 4701
"""The database takes it, too, whenever it lays a seal."""

SAY_HEAD = "say_readings_head"
AFTER_MIDNIGHT = time(0, 15)
FIRST = bytes(32)
"""What the first seal and the first head stand on."""


class ReadingSeal(Base):
    """One batch: its hash covers the seal before it and each reading's commitment."""

    __tablename__ = "reading_seal"
    __table_args__ = (
        UniqueConstraint(
            "previous_id", name="reading_seal_previous_id_key", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("readings > 0", name="readings"),
        CheckConstraint("octet_length(content_hash) = 32", name="content_hash"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    previous_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("reading_seal.id"))
    readings: Mapped[int]
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]


class ReadingSealed(Base):
    """A reading's commitment under its seal; it stays when the reading itself has aged out."""

    __tablename__ = "reading_sealed"
    __table_args__ = (
        CheckConstraint("octet_length(commitment) = 32", name="commitment"),
        Index("reading_sealed_seal_id_ix", "seal_id"),
    )

    reading_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seal_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("reading_seal.id"))
    read_on: Mapped[date] = mapped_column(Date)
    commitment: Mapped[bytes] = mapped_column(LargeBinary)


class ReadingHead(Base):
    """Where the chain ended on a day: said once, signed, and kept."""

    __tablename__ = "reading_head"
    __table_args__ = (
        UniqueConstraint("said_on", "signature", name="reading_head_said_key"),
        UniqueConstraint(
            "previous_id", name="reading_head_previous_id_key", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("octet_length(previous_hash) = 32", name="previous_hash"),
        CheckConstraint("readings > 0", name="readings"),
        CheckConstraint("octet_length(public_key) = 32", name="public_key"),
        CheckConstraint("octet_length(signature) = 64", name="signature"),
        Index("reading_head_seal_id_ix", "seal_id"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, server_default=FetchedValue()
    )
    previous_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("reading_head.id"))
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary)
    said_on: Mapped[date] = mapped_column(Date)
    seal_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("reading_seal.id"))
    seal_hash: Mapped[bytes] = mapped_column(LargeBinary)
    readings: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[Instant]
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def text(self) -> str:
        """What is signed: one line of fields parted by "|"."""
        fields = (
            "readings-head-v1",
            self.previous_hash.hex(),
            self.said_on.isoformat(),
            self.seal_id,
            self.seal_hash.hex(),
            self.readings,
            self.made_at.astimezone(UTC).isoformat(timespec="microseconds"),
        )
        return "|".join(str(one) for one in fields)

    @property
    def holds(self) -> bool:
        """Whether it is signed by the key that it names; whose that key is is asked elsewhere."""
        return is_signed(self.text.encode(), Signature(self.public_key, self.signature))

    @property
    def figures(self) -> str:
        """The first sixteen figures of the chain's end in groups of four, to be written down."""
        return in_fours(self.seal_hash.hex()[:16])


def lay_seal(work: Work) -> int | None:
    """Have one seal laid on every reading that has none; its number, None if none waits.

    Two at once wait for each other; the chain cannot fork.
    """
    number: int | None = work.session.scalar(
        select(func.reading_lay_seal(work.clock.now(), type_=BigInteger))
    )
    return number


def count_unsealed(session: Session, before: datetime | None = None) -> int:
    """How many readings are in no seal, of all or of those before an instant."""
    sealed = select(ReadingSealed.reading_id).where(ReadingSealed.reading_id == ReadingRow.id)
    waiting = select(func.count(ReadingRow.id)).where(~sealed.exists())
    if before is not None:
        waiting = waiting.where(ReadingRow.at < before)
    return session.scalar(waiting) or 0


def say_head(work: Work, said_on: date) -> ReadingHead | None:
    """Sign where the chain ends, once for each day; the one that stands, if it was said.

    A head of that day which our key did not sign stands for nothing: the true one is said beside
    it. None while nothing is sealed. SigningKeyMissingError without a key.
    """
    session = work.session
    session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))
    signer = work.vault.signer()
    keys = keys_on(work.vault.our_keys, said_on, work.clock.zone)
    said = select(ReadingHead).where(
        ReadingHead.said_on == said_on, ReadingHead.public_key.in_(keys)
    )
    standing = next((one for one in session.scalars(said) if one.holds), None)
    seal = session.scalars(select(ReadingSeal).order_by(ReadingSeal.id.desc()).limit(1)).first()
    if standing is not None or seal is None:
        return standing
    before = newest_heads(session, 1)
    head = ReadingHead(
        previous_id=before[0].id if before else None,
        previous_hash=hashlib.sha256(before[0].text.encode()).digest() if before else FIRST,
        said_on=said_on,
        seal_id=seal.id,
        seal_hash=seal.content_hash,
        readings=session.scalar(select(func.sum(ReadingSeal.readings))) or 0,
        made_at=work.clock.now(),
    )
    signed = signer.sign(head.text.encode())
    head.public_key, head.signature = signed.public_key, signed.value
    session.add(head)
    session.flush()
    return head


def newest_heads(session: Session, most: int) -> Sequence[ReadingHead]:
    """Heads, the newest first; whether each is signed is not asked."""
    return session.scalars(select(ReadingHead).order_by(ReadingHead.id.desc()).limit(most)).all()


def broken_heads(session: Session, ours: Line = ()) -> Iterator[BrokenHead]:
    """Every head that is not signed, not the next of the one before, or not of this chain.

    With our keys also each that another key signed after one of ours had signed, or one of ours
    after it was handed on.
    """
    seals = session.scalars(select(ReadingSeal))
    ends = ends_of((seal.id, seal.content_hash, seal.readings) for seal in seals)
    said = (
        SaidHead(
            id=head.id,
            said_on=head.said_on,
            made_at=head.made_at,
            previous=(head.previous_id, head.previous_hash),
            seal_id=head.seal_id,
            end=(head.seal_hash, head.readings),
            public_key=head.public_key,
            own_hash=hashlib.sha256(head.text.encode()).digest(),
            holds=head.holds,
        )
        for head in session.scalars(select(ReadingHead).order_by(ReadingHead.id))
    )
    return broken_among(said, ends, FIRST, ours)


def seal_readings(work: Work, timer: Timer) -> None:
    """A reading waits: one seal over all that do; the first one has a head said, too.

    A later timer of the kind is left: a reading that is not committed yet may count on it.
    """
    if not _begun(work, timer):
        return
    lay_seal(work)
    subject_type, subject_id = READINGS
    daily = select(Timer.id).where(
        Timer.subject_type == subject_type,
        Timer.subject_id == subject_id,
        Timer.kind == SAY_HEAD,
        Timer.done_at.is_(None),
    )
    if work.session.scalar(daily.limit(1)) is None:
        _set(work, SAY_HEAD, work.clock.now())


def say_head_of_the_day(work: Work, timer: Timer) -> None:
    """After midnight: whatever is left is sealed, then the chain's end is said and signed."""
    if not _begun(work, timer):
        return
    finish_timers(work, *READINGS, SAY_HEAD)
    lay_seal(work)
    if work.vault.can_sign:
        say_head(work, work.clock.today())
    tomorrow = work.clock.today() + timedelta(days=1)
    _set(work, SAY_HEAD, datetime.combine(tomorrow, AFTER_MIDNIGHT, work.clock.zone))


def _begun(work: Work, timer: Timer) -> bool:
    """Whether this firing is the one that acts."""
    work.session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))
    return take_timer(work, timer)


def _set(work: Work, kind: str, due_at: datetime) -> None:
    subject_type, subject_id = READINGS
    set_timer(work, kind=kind, subject_type=subject_type, subject_id=subject_id, due_at=due_at)


TIMERS: Mapping[str, TimerHandler] = {
    SEAL_READINGS: seal_readings,
    SAY_HEAD: say_head_of_the_day,
}
"""Who acts when a timer of the readings is due."""
