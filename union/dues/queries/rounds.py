"""Rounds: the cash in each collector's hands, what waits to be settled, what was handed in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from union.dues.models import (
    CashDifference,
    CashMovement,
    CollectionLine,
    Collector,
    HandOver,
    Payment,
    Receipt,
    Reversal,
)
from union.dues.queries.fresh import still_collecting, taken_since
from union.dues.queries.handing import differences as every_difference
from union.dues.rules.handovers import RoundCount
from union.dues.rules.verdicts import KnownMember, Note, Reason, Taken, Verdict
from union.infra.people import one_person, whose
from union.infra.work import Work
from union.members.models import Card, Member
from union.members.queries import MemberView, kept_entry, member_views

_OfCollector = TypeVar("_OfCollector", HandOver, CashDifference)

ORIGINAL = "collection_line.original"

_MOST_REMARKS = 500

_CASH_NOT_EXPECTED = (Reason.ENTERED_TWICE, Reason.RECEIPT_TAKEN)
"""Refused lines with no cash of their own behind them."""


@dataclass(frozen=True, slots=True)
class CollectorRound:
    """One collector's cash: what is booked, handed in, waiting; ``called`` as pages show her.

    ``open_minor`` is what of her differences nobody has settled, short (−) or over (+); ``fresh``:
    she took money since her cash was last counted.
    """

    collector: Collector
    card: str
    called: str
    in_register: bool
    count: RoundCount
    hand_overs: tuple[HandOver, ...]
    differences: tuple[CashDifference, ...]
    open_minor: int
    fresh: bool

    @property
    def label(self) -> str:
        """Called name and card number."""
        return f"{self.called} · {self.card}" if self.called else self.card

    @property
    def off_minor(self) -> int:
        """Short (−) or over (+): as booked and not settled, or as it seems while something waits.

        Cash she still holds is not off until all of it was counted.
        """
        counted = bool(self.hand_overs) and self.hand_overs[-1].whole and not self.fresh
        if self.open_minor or not counted or self.count.certain:
            return self.open_minor
        return self.count.likely_difference_minor


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A line nobody has settled yet, opened for whoever settles it."""

    line: CollectionLine
    original: str
    collector_card: str
    own: bool = False


def known_members(session: Session, cards: Collection[str]) -> dict[str, KnownMember]:
    """Who the cards belong to; a merged entry's card means the one that is kept."""
    rows = session.execute(
        select(Card.number, Member)
        .join(Member, Member.person_id == Card.person_id)
        .where(Card.number.in_(cards))
    )
    found = {}
    for number, member in rows:
        kept = kept_entry(session, member.person_id) or member
        found[number] = KnownMember(kept.person_id, active=kept.status == "active")
    return found


def taken_receipts(session: Session, cards: Collection[str]) -> dict[tuple[str, int], Taken]:
    """What stands booked under the numbers of these collectors."""
    rows = session.execute(
        select(Collector.card_number, Receipt.number, Payment)
        .join(Receipt, Receipt.collector_id == Collector.id)
        .join(Payment, Payment.id == Receipt.payment_id)
        .where(
            Collector.card_number.in_(cards),
            Payment.id.not_in(select(Reversal.payment_id)),
        )
    )
    return {
        (card or "", number): Taken(payment.person_id, payment.amount_minor, payment.happened_on)
        for card, number, payment in rows
    }


def cash_in_hand(session: Session, collector_id: int) -> int:
    """What the books hold a collector for, in paise; below nothing if she handed in more."""
    total = select(func.coalesce(func.sum(CashMovement.amount_minor), 0))
    return int(session.scalar(total.where(CashMovement.collector_id == collector_id)) or 0)


def collector_rounds(work: Work, only: Collection[int] | None = None) -> list[CollectorRound]:
    """Every collector's round (or those of some collectors' ids), by card number."""
    session = work.session
    query = select(Collector).order_by(Collector.card_number, Collector.id)
    if only is not None:
        query = query.where(Collector.id.in_(only))
    collectors = list(session.scalars(query))
    views = member_views(work, [one.person_id for one in collectors])
    counts = _counts(session, [one.id for one in collectors])
    in_order = select(HandOver).order_by(HandOver.happened_on, HandOver.id)
    hand_overs = _by_collector(session.scalars(in_order))
    differences = _by_collector(session.scalars(select(CashDifference).order_by(CashDifference.id)))
    fresh = still_collecting(session, list(counts))
    left = Counter[int]()
    for each in every_difference(session):
        left[each.collector.id] += each.left_minor
    return [
        CollectorRound(
            collector=one,
            card=_card(one, views.get(one.person_id)),
            called=views[one.person_id].called if one.person_id in views else "",
            in_register=one.person_id in views,
            count=counts[one.id],
            hand_overs=tuple(hand_overs[one.id]),
            differences=tuple(differences[one.id]),
            open_minor=left[one.id],
            fresh=one.id in fresh,
        )
        for one in collectors
    ]


def round_count(session: Session, collector_id: int) -> RoundCount:
    """What one collector's cash comes to."""
    return _counts(session, [collector_id])[collector_id]


def waiting_lines(work: Work, collector_id: int | None = None) -> list[WaitingLine]:
    """Every refused or missing line that nobody has settled, of one collector or of all."""
    query = (
        select(CollectionLine)
        .where(CollectionLine.settled_at.is_(None))
        .where(CollectionLine.verdict.in_(("refused", "missing")))
        .order_by(CollectionLine.collector_id, CollectionLine.receipt_no, CollectionLine.id)
    )
    if collector_id is not None:
        query = query.where(CollectionLine.collector_id == collector_id)
    return open_lines(work, work.session.scalars(query).all())


def remarked_lines(work: Work) -> list[WaitingLine]:
    """Booked lines somebody should ask about, latest first.

    By their remark part of it may be another woman's, or a collector wrote it for herself.
    """
    query = (
        select(CollectionLine)
        .join(Collector, Collector.id == CollectionLine.collector_id)
        .where(CollectionLine.verdict == Verdict.BOOKED)
        .where(
            or_(
                CollectionLine.note == Note.FOR_ANOTHER_TOO,
                one_person(CollectionLine.person_id) == one_person(Collector.person_id),
            )
        )
        .order_by(CollectionLine.happened_on.desc(), CollectionLine.id)
        .limit(_MOST_REMARKS)
    )
    return open_lines(work, work.session.scalars(query).all())


def open_lines(work: Work, lines: Sequence[CollectionLine]) -> list[WaitingLine]:
    """Lines with what was written on them, opened with their sheets' keys."""
    collectors = {one.id: one for one in work.session.scalars(select(Collector))}
    work.vault.preload([line.sheet.key_ref for line in lines])
    people = whose(
        work.session,
        {line.person_id for line in lines} | {one.person_id for one in collectors.values()},
    )
    opened = []
    for line in lines:
        collector = collectors.get(line.collector_id or 0)
        card = "" if collector is None else collector.card_number or ""
        own = (
            collector is not None
            and line.person_id is not None
            and people[line.person_id] == people[collector.person_id]
        )
        opened.append(WaitingLine(line, _original(work, line), card, own))
    return opened


def _counts(session: Session, ids: Collection[int]) -> Mapping[int, RoundCount]:
    booked: Counter[int] = Counter()
    amounts: defaultdict[int, Counter[int]] = defaultdict(Counter)
    rows = session.execute(
        select(Payment.collector_id, Payment.amount_minor, func.count())
        .where(Payment.collector_id.in_(ids), Payment.id.not_in(select(Reversal.payment_id)))
        .group_by(Payment.collector_id, Payment.amount_minor)
    )
    for collector_id, amount, times in rows:
        booked[collector_id or 0] += amount * times
        amounts[collector_id or 0][amount] += times
    handed = _sums(session, HandOver.collector_id, HandOver.counted_minor, ids)
    differed = _sums(session, CashDifference.collector_id, CashDifference.amount_minor, ids)
    waiting, lines, missing = _waiting(session, ids)
    since = taken_since(session, ids)
    return {
        one: RoundCount(
            booked_minor=booked[one] + differed[one],
            handed_minor=handed[one],
            waiting_minor=waiting[one],
            waiting_lines=lines[one],
            missing=missing[one],
            usual_minor=amounts[one].most_common(1)[0][0] if amounts[one] else 0,
            since_minor=since.get(one),
        )
        for one in ids
    }


def _waiting(
    session: Session, ids: Collection[int]
) -> tuple[Counter[int], Counter[int], Counter[int]]:
    waiting: Counter[int] = Counter()
    lines: Counter[int] = Counter()
    missing: Counter[int] = Counter()
    open_ones = session.scalars(
        select(CollectionLine).where(
            CollectionLine.collector_id.in_(ids),
            CollectionLine.settled_at.is_(None),
            or_(CollectionLine.verdict == "refused", CollectionLine.verdict == "missing"),
        )
    ).all()
    hinted = {(one.collector_id, one.hint_no) for one in open_ones if one.hint_no is not None}
    for one in open_ones:
        collector = one.collector_id or 0
        if one.verdict == "missing":
            missing[collector] += (one.collector_id, one.receipt_no) not in hinted
            continue
        lines[collector] += 1
        if one.reason not in _CASH_NOT_EXPECTED:
            readable = one.amount_minor if (one.amount_minor or 0) > 0 else one.suggested_minor
            waiting[collector] += readable or 0
    return waiting, lines, missing


def _sums(
    session: Session,
    of: InstrumentedAttribute[int],
    what: InstrumentedAttribute[int],
    ids: Collection[int],
) -> Counter[int]:
    rows = session.execute(select(of, func.sum(what)).where(of.in_(ids)).group_by(of))
    return Counter({collector_id: int(total) for collector_id, total in rows})


def _by_collector(rows: Iterable[_OfCollector]) -> defaultdict[int, list[_OfCollector]]:
    found: defaultdict[int, list[_OfCollector]] = defaultdict(list)
    for row in rows:
        found[row.collector_id].append(row)
    return found


def _card(collector: Collector, view: MemberView | None) -> str:
    return collector.card_number or (view.card if view is not None else "—")


def _original(work: Work, line: CollectionLine) -> str:
    return work.vault.opened(line.sheet.key_ref, ORIGINAL, line.ref, line.original) or ""
