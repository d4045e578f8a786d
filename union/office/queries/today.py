"""The few figures a first page needs, each one indexed read; never a name, a place or a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from union.bank.models import BankBatchItem, BankPayee
from union.bank.models.paying import BankItemRefusal
from union.crisis.models.contacts import Contact
from union.crisis.models.incidents import Incident
from union.crisis.models.pages import Page
from union.crisis.rules.kinds import OPEN_INCIDENT, ContactState, IncidentState, PageState
from union.dues.models import DuesRun
from union.dues.models.rounds import CashMovement, Collector, HandOver, HandOverSignature
from union.infra.people import one_person
from union.kernel.periods import Month
from union.ledger.models.chart import Account
from union.ledger.models.journal import AccountBalance, JournalEntry
from union.ledger.models.vouchers import PaymentMistake, Voucher, VoucherApproval
from union.ledger.queries.hands import hands, settled
from union.members.models.branches import Branch
from union.members.models.imports import SetAside
from union.members.models.pairs import Duplicate
from union.members.models.people import Member, Membership

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy.orm import Session

HANDS_NEEDED = 2
_LIVE_PAGES = (PageState.ASKED, PageState.ACCEPTED)
_AS_SHE_SEES = func.coalesce(Page.seems, Page.state)
"""A forced answer looks on her own page as an honest one would."""

_GOING_PAGES = (PageState.BRIEFED, PageState.EN_ROUTE, PageState.ARRIVED)


def vouchers_wanting_a_hand(session: Session, person_id: int) -> int:
    """How many vouchers wait for this person: to be signed, or a mistake to be looked at.

    Not hers, and not those she has signed or doubted; joined entries are one person.
    """
    herself = one_person(person_id)
    mine = select(VoucherApproval.voucher_id).where(
        one_person(VoucherApproval.person_id) == herself
    )
    others = one_person(Voucher.payee_person_id) != herself
    unsigned = (
        select(func.count(Voucher.id))
        .where(Voucher.withdrawn_at.is_(None), ~settled(), others, Voucher.id.not_in(mine))
        .where(hands() < HANDS_NEEDED)
    )
    doubted = (
        select(func.count(PaymentMistake.id))
        .join(JournalEntry, JournalEntry.id == PaymentMistake.entry_id)
        .join(Voucher, Voucher.id == JournalEntry.voucher_id)
        .where(PaymentMistake.agreed.is_(None), others)
        .where(one_person(PaymentMistake.said_by) != herself)
    )
    return (session.scalar(unsigned) or 0) + (session.scalar(doubted) or 0)


def vouchers_to_pay(session: Session) -> int:
    """How many vouchers have both hands, are not paid, and are not on their way at the bank."""
    query = (
        select(func.count(Voucher.id))
        .where(Voucher.withdrawn_at.is_(None), ~settled(), hands() >= HANDS_NEEDED)
        .where(func.ledger_voucher_on_its_way(Voucher.id).is_(None))
    )
    return session.scalar(query) or 0


def month_to_charge(session: Session, today: date) -> Month | None:
    """The oldest month after the last one charged whole; of books never charged, the present."""
    charged = session.scalar(
        select(func.max(DuesRun.month)).where(
            DuesRun.kind == "monthly", DuesRun.finished_at.is_not(None)
        )
    )
    present = Month.of(today)
    following = present if charged is None else Month.of(charged).next()
    return following if following <= present else None


def money_held(session: Session) -> dict[str, int]:
    """What lies in cash, in the bank and with providers, in minor units."""
    rows = session.execute(
        select(Account.money_place, func.sum(AccountBalance.balance_minor))
        .join(AccountBalance, AccountBalance.account_code == Account.code)
        .where(Account.money_place.is_not(None))
        .group_by(Account.money_place)
    )
    return {str(place): int(held) for place, held in rows}


def both_sides(session: Session) -> tuple[int, int]:
    """What the books hold on the debit and on the credit side, in minor units."""
    debit = func.sum(case((AccountBalance.balance_minor > 0, AccountBalance.balance_minor)))
    credit = func.sum(case((AccountBalance.balance_minor < 0, -AccountBalance.balance_minor)))
    row = session.execute(select(debit, credit)).one()
    return int(row[0] or 0), int(row[1] or 0)


def receipts_written(session: Session, person_id: int | None) -> int:
    """How many receipts a collector has written in all, under whichever of her entries."""
    query = (
        select(func.count(CashMovement.payment_id))
        .join(Collector, Collector.id == CashMovement.collector_id)
        .where(one_person(Collector.person_id) == one_person(person_id))
    )
    return session.scalar(query) or 0


def accounts_to_confirm(session: Session, person_id: int) -> int:
    """How many people's accounts another wrote down and she may confirm: not her own."""
    herself = one_person(person_id)
    query = select(func.count(BankPayee.id)).where(
        BankPayee.ended_at.is_(None),
        BankPayee.confirmed_at.is_(None),
        one_person(BankPayee.made_by) != herself,
        one_person(BankPayee.person_id) != herself,
    )
    return session.scalar(query) or 0


def refusals_to_answer(session: Session, person_id: int) -> int:
    """How many payments another says the bank refused, and she may say whether: not her own."""
    herself = one_person(person_id)
    query = (
        select(func.count(BankItemRefusal.id))
        .join(BankBatchItem, BankBatchItem.id == BankItemRefusal.item_id)
        .join(Voucher, Voucher.id == BankBatchItem.voucher_id)
        .where(BankItemRefusal.agreed.is_(None), BankBatchItem.ended_at.is_(None), ~settled())
        .where(one_person(BankItemRefusal.said_by) != herself)
        .where(one_person(Voucher.payee_person_id) != herself)
    )
    return session.scalar(query) or 0


def cash_to_sign(session: Session, person_id: int) -> int:
    """How many counts of a collector's cash wait for her to say whether they are right.

    A list of old rounds brought its own paper (``HandOverView.state``).
    """
    query = (
        select(func.count(HandOver.id))
        .join(Collector, Collector.id == HandOver.collector_id)
        .outerjoin(HandOverSignature, HandOverSignature.hand_over_id == HandOver.id)
        .where(
            one_person(Collector.person_id) == one_person(person_id),
            HandOverSignature.id.is_(None),
            HandOver.received_by.is_not(None),
            HandOver.source.is_(None),
        )
    )
    return session.scalar(query) or 0


def members_and_branches(
    session: Session, branch_ids: Collection[int] | None
) -> tuple[int, list[str]]:
    """How many active members there are in these branches (None: all), and the branches' names."""
    members = (
        select(func.count(Member.person_id.distinct()))
        .join(Membership, Membership.person_id == Member.person_id)
        .where(Member.status == "active", Member.merged_into.is_(None))
        .where(Membership.until_on.is_(None))
    )
    names = select(Branch.name).order_by(Branch.name)
    if branch_ids is not None:
        members = members.where(Membership.branch_id.in_(branch_ids))
        names = names.where(Branch.id.in_(branch_ids))
    return session.scalar(members) or 0, list(session.scalars(names))


def pairs_proposed(session: Session) -> int:
    """How many pairs of entries wait for somebody to say whether they are one woman."""
    return session.scalar(select(func.count(Duplicate.id)).where(Duplicate.decision.is_(None))) or 0


def rows_set_aside(session: Session) -> int:
    """How many rows are kept apart for the named officer."""
    query = select(func.count(SetAside.id)).where(SetAside.dealt_with_at.is_(None))
    return session.scalar(query) or 0


def contacts_waiting(session: Session) -> int:
    """How many calls and texts nobody has dealt with."""
    query = select(func.count(Contact.id)).where(Contact.state != ContactState.DEALT)
    return session.scalar(query) or 0


def incidents_open(session: Session) -> tuple[int, int]:
    """How many incidents still seek people, and how many have enough coming."""
    found = session.execute(
        select(Incident.state, func.count(Incident.id))
        .where(Incident.state.in_(OPEN_INCIDENT))
        .group_by(Incident.state)
    )
    rows = {state: int(count) for state, count in found}
    return rows.get(IncidentState.SEEKING, 0), rows.get(IncidentState.FILLED, 0)


def asked_and_going(session: Session, person_id: int) -> tuple[int, int]:
    """How many pages ask for this person now, and to how many she is on her way or is there."""
    found = session.execute(
        select(_AS_SHE_SEES, func.count(Page.id))
        .join(Incident, Incident.id == Page.incident_id)
        .where(Page.person_id == person_id, _AS_SHE_SEES.in_(_LIVE_PAGES + _GOING_PAGES))
        .where(Incident.state.in_(OPEN_INCIDENT))
        .group_by(_AS_SHE_SEES)
    )
    rows = {state: int(count) for state, count in found}
    asked = sum(rows.get(one, 0) for one in _LIVE_PAGES)
    return asked, sum(rows.get(one, 0) for one in _GOING_PAGES)
