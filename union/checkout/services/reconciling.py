"""Asking the provider what was missed. Invariant: after it, the books hold all it knows.

Once an hour, claimed by (name, period) in the database, so that any number of processes may try.
It trusts no notice: it asks for what happened, reads the statement with a long overlap, and looks
at everything that is not over.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, Update, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from union.checkout.models import (
    CardCheckout,
    CardDispute,
    CardInstruction,
    CardLine,
    CardPayout,
    CardReconciliation,
    CardRefund,
)
from union.checkout.queries.held import booked_at_provider, unseen_payouts
from union.checkout.rules.standing import LIVE
from union.checkout.services.asking import KEY_LIVES
from union.checkout.services.events import keep_notice, look_at, work_cards
from union.checkout.services.looking import CARDS, never_began, request_end
from union.checkout.services.statement import read_statement, try_asides
from union.gateways.payments import LineKind, PaymentProvider, Subject
from union.infra.work import UnitOfWork, Work
from union.kernel.errors import UnionError
from union.ledger.models import JournalEntry, JournalLeg
from union.ledger.rules import AccountCode, EntryKind
from union.members.queries import kept_entry

NAME = "cards"
LEASE = timedelta(minutes=10)
TRY_AGAIN = timedelta(minutes=1)
OVERLAP = timedelta(days=3)
FARTHEST = timedelta(days=30)
"""The provider forgets what happened before."""

MOST_ROUNDS = 1000


def period_of(now: datetime) -> str:
    """The hour, in UTC: "2026-11-22T07"."""
    return now.strftime("%Y-%m-%dT%H")


def reconciliation_due(work: Work) -> bool:
    """Whether nobody has asked for this hour, or whoever did has fallen."""
    now = work.clock.now()
    held = work.session.get(CardReconciliation, (NAME, period_of(now)))
    return held is None or (held.finished_at is None and held.lease_until <= now)


def reconcile_when_due(unit: UnitOfWork, provider: PaymentProvider) -> bool:
    """Ask for the present hour unless somebody does or did; whether it was us."""
    now = unit.clock.now()
    fresh = insert(CardReconciliation).values(
        name=NAME, period=period_of(now), claimed_at=now, lease_until=now + LEASE, missed=0
    )
    claim = fresh.on_conflict_do_update(
        index_elements=["name", "period"],
        set_={"claimed_at": now, "lease_until": now + LEASE},
        where=CardReconciliation.finished_at.is_(None) & (CardReconciliation.lease_until <= now),
    ).returning(CardReconciliation.period)
    with unit.begin(CARDS) as work:
        claimed = work.session.scalar(claim)
    if claimed is None:
        return False
    try:
        missed = reconcile(unit, provider)
        _finish(unit, provider, claimed, missed)
    except UnionError as error:
        with unit.begin(CARDS) as work:
            again_at = work.clock.now() + TRY_AGAIN
            values = {"error_code": error.code, "lease_until": again_at}
            work.session.execute(_row(claimed).values(values))
    return True


def reconcile(unit: UnitOfWork, provider: PaymentProvider) -> int:
    """Ask for everything that may have been missed; how many notices and lines had been."""
    since = _last_asked(unit)
    missed = 0
    for notice in provider.notices_since(since):
        with unit.begin(CARDS) as work:
            missed += keep_notice(work, provider.name, notice, "asked")
    for _round in range(MOST_ROUNDS):
        if not work_cards(unit, provider):
            break
    missed += read_statement(unit, provider, since) + try_asides(unit, provider)
    for subject, number in _not_over(unit, provider.name):
        look_at(unit, provider, subject, number)
    with unit.begin(CARDS) as work:
        _let_go(work)
        link_payouts(work)
    work_cards(unit, provider)
    return missed


def link_payouts(work: Work) -> int:
    """Tie payouts to the transfers into the bank that were booked meanwhile; how many."""
    linked = 0
    for payout in unseen_payouts(work.session):
        entry_id = work.session.scalar(_transfer_of(payout))
        if entry_id is not None:
            payout.entry_id = entry_id
            work.session.flush()
            linked += 1
    return linked


def _transfer_of(payout: CardPayout) -> Select[int]:
    taken = select(CardPayout.entry_id).where(CardPayout.entry_id.is_not(None))
    reversal = aliased(JournalEntry)
    return (
        select(JournalEntry.id)
        .join(JournalLeg, JournalLeg.entry_id == JournalEntry.id)
        .where(
            JournalEntry.kind == EntryKind.TRANSFER,
            JournalEntry.happened_on.between(
                payout.arrives_on - timedelta(days=5), payout.arrives_on + timedelta(days=30)
            ),
            JournalLeg.account_code == AccountCode.CARD_PROVIDER,
            JournalLeg.amount_minor == -payout.amount_minor,
            JournalEntry.id.not_in(taken),
            ~select(reversal.id).where(reversal.reverses_id == JournalEntry.id).exists(),
        )
        .order_by(JournalEntry.happened_on, JournalEntry.id)
        .limit(1)
    )


def _last_asked(unit: UnitOfWork) -> datetime:
    farthest = unit.clock.now() - FARTHEST
    with unit.reading(CARDS) as work:
        last = work.session.scalar(
            select(func.max(CardReconciliation.claimed_at)).where(
                CardReconciliation.finished_at.is_not(None)
            )
        )
    return farthest if last is None else max(last - OVERLAP, farthest)


def _not_over(unit: UnitOfWork, provider: str) -> list[tuple[Subject, str]]:
    kinds = (
        (Subject.PAGE, CardCheckout, ("asked", "open", "waiting")),
        (Subject.INSTRUCTION, CardInstruction, LIVE),
        (Subject.DISPUTE, CardDispute, ("open",)),
        (Subject.PAYOUT, CardPayout, ("under_way",)),
    )
    with unit.reading(CARDS) as work:
        found = [
            (subject, number)
            for subject, kind, states in kinds
            for number in work.session.scalars(
                select(kind.provider_id).where(
                    kind.provider == provider,
                    kind.provider_id.is_not(None),
                    kind.state.in_(states),
                )
            )
            if number is not None
        ]
        refunds = select(CardRefund.provider_id).where(CardRefund.state == "sent")
        found += [(Subject.REFUND, one) for one in work.session.scalars(refunds) if one]
        return found + _known_by_line_only(work, provider)


def _known_by_line_only(work: Work, provider: str) -> list[tuple[Subject, str]]:
    """Disputes and payouts that stand on the statement and of which no notice ever came."""
    known = select(CardDispute.provider_id).union_all(select(CardPayout.provider_id))
    rows = work.session.execute(
        select(CardLine.kind, CardLine.object_id).where(
            CardLine.provider == provider,
            CardLine.kind.in_([LineKind.DISPUTE, LineKind.PAYOUT]),
            CardLine.object_id.not_in(known),
        )
    )
    return [(Subject(kind), number) for kind, number in rows if number is not None]


def _let_go(work: Work) -> None:
    """What nobody answers any more: old pages; and instructions of who left or died.

    A refund is never among it: it may have gone.
    """
    old = work.session.scalars(
        select(CardCheckout).where(
            CardCheckout.state == "asked",
            CardCheckout.provider_id.is_(None),
            CardCheckout.asked_at < work.clock.now() - KEY_LIVES - timedelta(hours=1),
        )
    )
    for page in old.all():
        page.state, page.ended_at = "expired", work.clock.now()
        work.session.flush()
        if page.instruction_id is not None:
            never_began(work, work.session.get_one(CardInstruction, page.instruction_id))
    living = work.session.scalars(select(CardInstruction).where(CardInstruction.state.in_(LIVE)))
    for instruction in living.all():
        member = kept_entry(work.session, instruction.person_id)
        if member is not None and member.status != "active":
            request_end(work, instruction, "gone")


def _finish(unit: UnitOfWork, provider: PaymentProvider, period: str, missed: int) -> None:
    held = provider.held()
    with unit.begin(CARDS) as work:
        work.session.execute(
            _row(period).values(
                finished_at=work.clock.now(),
                missed=missed,
                held_minor=held.available_minor + held.pending_minor,
                booked_minor=booked_at_provider(work.session),
                error_code=None,
            )
        )


def _row(period: str) -> Update:
    return update(CardReconciliation).where(
        CardReconciliation.name == NAME, CardReconciliation.period == period
    )
