"""What the treasurer sees of payments by card: each with its state, and all that waits for her."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from union.checkout.models import (
    CardAside,
    CardDispute,
    CardEvent,
    CardInstruction,
    CardLine,
    CardPayout,
    CardReconciliation,
    CardRefund,
)
from union.checkout.queries.held import booked_at_provider, unseen_payouts
from union.checkout.rules.refunds import UNANSWERED, refund_shown
from union.checkout.rules.standing import PaymentFacts, payment_state
from union.dues.models import Payment, Receipt
from union.infra.work import Work
from union.ledger.queries.balances import control_balance
from union.ledger.rules import AccountCode
from union.members.queries import MemberView, all_entries_of, member_views

PAGE = 25
LATE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class PaymentView:
    """One payment by card; ``left_minor`` is what was neither given nor taken back, in paise."""

    line: CardLine
    member: MemberView | None
    state: str
    left_minor: int


@dataclass(frozen=True, slots=True)
class Holding:
    """What the provider holds for us, explained: books, what is on its way, what it said itself."""

    account_minor: int
    on_the_way: Sequence[CardPayout]
    expected_minor: int
    asked: CardReconciliation | None

    @property
    def difference_minor(self) -> int | None:
        """What it said less what the books said then; None if it was never asked."""
        if self.asked is None or self.asked.held_minor is None or self.asked.booked_minor is None:
            return None
        return self.asked.held_minor - self.asked.booked_minor


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the treasurer before the month can close."""

    unplaced: Sequence[CardLine]
    taken_back: Sequence[PaymentView]
    disputes: Sequence[tuple[CardDispute, CardLine | None]]
    failing: Sequence[tuple[CardInstruction, MemberView | None]]
    fees_minor: int
    stuck_events: int
    asides: Sequence[CardAside]
    unanswered: Sequence[tuple[CardRefund, PaymentView]]


def payments(work: Work, page: int) -> tuple[list[PaymentView], bool]:
    """One page of payments, newest first, and whether there are older ones."""
    lines = work.session.scalars(
        select(CardLine)
        .where(CardLine.kind == "payment")
        .order_by(CardLine.happened_at.desc(), CardLine.id.desc())
        .offset(page * PAGE)
        .limit(PAGE + 1)
    ).all()
    return views_of(work, lines[:PAGE]), len(lines) > PAGE


def her_payments(
    work: Work, person_id: int, page: int
) -> tuple[list[tuple[PaymentView, str | None]], bool]:
    """One page of hers, newest first, each with its receipt, and whether there are older ones."""
    rows = work.session.execute(
        select(CardLine, Receipt.ref)
        .outerjoin(Payment, Payment.source == func.concat("card:", CardLine.ref))
        .outerjoin(Receipt, Receipt.payment_id == Payment.id)
        .where(
            CardLine.kind == "payment",
            CardLine.amount_minor > 0,
            CardLine.person_id.in_(all_entries_of(work.session, person_id)),
        )
        .order_by(CardLine.happened_at.desc(), CardLine.id.desc())
        .offset(page * PAGE)
        .limit(PAGE + 1)
    ).all()
    shown = rows[:PAGE]
    views = views_of(work, [line for line, _ref in shown])
    return list(zip(views, [ref for _line, ref in shown], strict=True)), len(rows) > PAGE


def payment_by_ref(work: Work, ref: str) -> PaymentView | None:
    """The payment with this reference."""
    line = work.session.scalar(
        select(CardLine).where(CardLine.ref == ref, CardLine.kind == "payment")
    )
    return None if line is None else views_of(work, [line])[0]


def lines_of_charge(session: Session, line: CardLine) -> Sequence[CardLine]:
    """Everything the statement says about one charge, oldest first."""
    return session.scalars(
        select(CardLine)
        .where(CardLine.provider == line.provider, CardLine.charge_id == line.charge_id)
        .order_by(CardLine.happened_at, CardLine.id)
    ).all()


def refunds_of(work: Work, line: CardLine) -> list[tuple[CardRefund, str]]:
    """What was asked to be given back of a payment and how each stands, oldest first."""
    found = work.session.scalars(
        select(CardRefund).where(CardRefund.line_id == line.id).order_by(CardRefund.id)
    )
    now = work.clock.now()
    return [(one, refund_shown(one.state, one.asked_at, now)) for one in found]


def unanswered(work: Work) -> list[tuple[CardRefund, PaymentView]]:
    """Refunds the company should have answered and did not, each with its payment."""
    rows = work.session.execute(
        select(CardRefund, CardLine)
        .join(CardLine, CardLine.id == CardRefund.line_id)
        .where(
            CardRefund.state == "asked",
            CardRefund.asked_at < work.clock.now() - UNANSWERED,
        )
        .order_by(CardRefund.id)
    ).all()
    views = views_of(work, [line for _refund, line in rows])
    return list(zip([refund for refund, _line in rows], views, strict=True))


def views_of(work: Work, lines: Sequence[CardLine]) -> list[PaymentView]:
    """Lines as the treasurer sees them, with what became of each."""
    session, charges = work.session, [line.charge_id for line in lines]
    moved: defaultdict[str | None, int] = defaultdict(int)
    rows = session.execute(
        select(CardLine.charge_id, func.sum(CardLine.amount_minor))
        .where(CardLine.charge_id.in_(charges))
        .group_by(CardLine.charge_id)
    )
    moved.update({charge: int(total) for charge, total in rows})
    decided = select(CardDispute).where(CardDispute.charge_id.in_(charges))
    disputes = {one.charge_id: one.state for one in session.scalars(decided)}
    asked = set(
        session.scalars(
            select(CardRefund.line_id).where(
                CardRefund.line_id.in_([line.id for line in lines]),
                CardRefund.state.in_(["asked", "sent"]),
            )
        )
    )
    members = member_views(work, {line.person_id for line in lines if line.person_id})
    return [
        PaymentView(
            line,
            members.get(line.person_id or 0),
            payment_state(
                PaymentFacts(
                    paid_minor=line.amount_minor,
                    left_minor=moved[line.charge_id],
                    placed=line.person_id is not None,
                    dispute=disputes.get(line.charge_id or ""),
                    refund_asked=line.id in asked,
                )
            ),
            max(moved[line.charge_id], 0),
        )
        for line in lines
    ]


def holding(session: Session) -> Holding:
    """The provider's account, explained."""
    asked = session.scalars(
        select(CardReconciliation)
        .where(CardReconciliation.finished_at.is_not(None))
        .order_by(CardReconciliation.finished_at.desc())
    ).first()
    return Holding(
        control_balance(session, AccountCode.CARD_PROVIDER),
        unseen_payouts(session),
        booked_at_provider(session),
        asked,
    )


def unproved(session: Session) -> int:
    """Lines that lie aside, and one more while the provider's sum and ours are not the same."""
    aside = select(func.count(CardAside.id)).where(CardAside.over_at.is_(None))
    return int(session.scalar(aside) or 0) + int(bool(holding(session).difference_minor))


def waiting(work: Work) -> Waiting:
    """Everything that waits for a person, or has waited too long for a machine."""
    session = work.session
    gone = aliased(CardLine)
    returned = select(func.coalesce(func.sum(gone.amount_minor), 0)).where(
        gone.provider == CardLine.provider,
        gone.charge_id == CardLine.charge_id,
        gone.cleared_how == "unplaced",
    )
    unplaced = session.scalars(
        select(CardLine)
        .where(
            CardLine.kind == "payment",
            CardLine.person_id.is_(None),
            CardLine.amount_minor + returned.scalar_subquery() > 0,
        )
        .order_by(CardLine.happened_at)
    ).all()
    taken = session.scalars(
        select(CardLine)
        .where(
            CardLine.kind.in_(["refund", "dispute"]),
            CardLine.cleared_how.is_(None),
            CardLine.amount_minor != 0,
        )
        .order_by(CardLine.happened_at)
    ).all()
    disputes = session.scalars(
        select(CardDispute).where(CardDispute.state == "open").order_by(CardDispute.opened_at)
    ).all()
    decided = set(
        session.scalars(
            select(CardDispute.provider_id).where(
                CardDispute.state != "open",
                CardDispute.provider_id.in_([line.object_id for line in taken]),
            )
        )
    )
    of_dispute = {line.object_id: line for line in taken if line.kind == "dispute"}
    left = [line for line in taken if line.kind == "refund" or line.object_id in decided]
    failing = session.scalars(
        select(CardInstruction)
        .where(CardInstruction.state == "failing")
        .order_by(CardInstruction.failed_at)
    ).all()
    members = member_views(work, {one.person_id for one in failing})
    stuck = session.scalar(
        select(func.count()).where(
            CardEvent.done_at.is_(None), CardEvent.stored_at < work.clock.now() - LATE
        )
    )
    return Waiting(
        unplaced,
        views_of(work, left),
        [(one, of_dispute.get(one.provider_id)) for one in disputes],
        [(one, members.get(one.person_id)) for one in failing],
        _fees(session),
        int(stuck or 0),
        _asides(session),
        unanswered(work),
    )


def _asides(session: Session) -> Sequence[CardAside]:
    """Lines of the statement that the books could not take, oldest first."""
    return session.scalars(
        select(CardAside)
        .where(CardAside.over_at.is_(None))
        .order_by(CardAside.happened_at, CardAside.id)
    ).all()


def _fees(session: Session) -> int:
    kept = select(func.coalesce(func.sum(CardLine.kept_minor), 0))
    return int(session.scalar(kept.where(CardLine.fee_batch_id.is_(None))) or 0)
