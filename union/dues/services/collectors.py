"""Who takes cash on rounds. Invariant: each has one account of the books, hers for good."""

from __future__ import annotations

from sqlalchemy import func, select

from union.dues.models import Collector
from union.dues.queries.collectors import collector_of
from union.dues.services.locks import BOOKS_LOCK, COLLECTORS_LOCK, RECEIPT_LOCK, hold
from union.infra.people import new_person
from union.infra.work import Work
from union.kernel.ids import new_ref
from union.ledger.services import open_collector_cash
from union.members.models import Member
from union.members.queries import member_by_card
from union.members.rules.errors import CardUnreadableError


def hold_books(work: Work) -> None:
    """Let nobody else hand out a receipt book until the commit."""
    hold(work, BOOKS_LOCK)


def hold_collector(work: Work, collector_id: int) -> None:
    """Let nobody else book, count or settle anything of hers until the commit.

    Everything of one collector takes this first, so that no two wait for each other's rows.
    """
    hold(work, RECEIPT_LOCK, collector_id)


def collector_for_person(work: Work, person_id: int) -> Collector:
    """The collector this person is; from now on, if she was none."""
    held = collector_of(work.session, person_id)
    if held is not None:
        return held
    member = work.session.get(Member, person_id)
    return _make(work, person_id, None if member is None else member.card_number)


def collector_for_card(work: Work, card: str) -> Collector:
    """The collector whose books run under this card number.

    A number that nobody in the register has makes a bare person: her cash is real and must be
    held by somebody; pages say that the register does not know her yet.
    """
    held = work.session.scalar(select(Collector).where(Collector.card_number == card))
    if held is not None:
        return held
    member = _member(work, card)
    if member is None:
        return _make(work, new_person(work).id, card)
    mine = collector_of(work.session, member.person_id)
    return mine or _make(work, member.person_id, card)


def _member(work: Work, card: str) -> Member | None:
    try:
        return member_by_card(work.session, card)
    except CardUnreadableError:
        return None


def _make(work: Work, person_id: int, card: str | None) -> Collector:
    hold(work, COLLECTORS_LOCK)
    held = collector_of(work.session, person_id)
    if held is not None:
        return held
    number = int(work.session.scalar(select(func.coalesce(func.max(Collector.id), 0))) or 0) + 1
    made = Collector(
        id=number,
        ref=new_ref(),
        person_id=person_id,
        card_number=card,
        account_code=open_collector_cash(work, number, person_id),
        made_at=work.clock.now(),
    )
    work.session.add(made)
    work.session.flush()
    return made
