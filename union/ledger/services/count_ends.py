"""What a count found, settled. Invariant: to the paisa, in the books, by another than counted.

A difference waits on its own account, over which no month closes, until it was found, given
back, kept as income, or given up by a voucher that two sign who did not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from union.infra.audit import log
from union.infra.people import is_present
from union.infra.work import Work
from union.kernel.errors import NotAllowedError
from union.kernel.ids import new_ref
from union.ledger.errors import AmountNotPositiveError, CountSettledError, OwnCountError
from union.ledger.models import CashCount, CountSettlement, Voucher
from union.ledger.policy import may_approve
from union.ledger.queries.counts import count_by_ref
from union.ledger.queries.keeping import cleared_on
from union.ledger.rules.chart import AccountCode, FundCode
from union.ledger.rules.entries import (
    COUNT_GIVEN_UP,
    COUNT_SETTLEMENT,
    EntryKind,
    NewEntry,
    NewLeg,
    Source,
    credit,
    debit,
)
from union.ledger.rules.vouchers import NewVoucher
from union.ledger.services.counts import hold_box
from union.ledger.services.posting import post_entry
from union.ledger.services.vouchers import prepare_voucher


class CountEnd(StrEnum):
    """How a counted difference ends: the first two for what is short, the others for too much."""

    FOUND = "found"
    GIVEN_UP = "given_up"
    GIVEN_BACK = "given_back"
    KEPT = "kept"


_SHORT = frozenset({CountEnd.FOUND, CountEnd.GIVEN_UP})
_WAITS = AccountCode.CASH_DIFFERENCES_TO_SETTLE


def settle_count(work: Work, ref: str, how: CountEnd, amount_minor: int) -> Mapping[str, str]:
    """Settle so much of what a count found (paise), or write the voucher that gives it up.

    NotAllowedError, OwnCountError for who counted, AmountNotPositiveError, CountSettledError for
    more than is left or a way that does not fit. Returns the settlement's ref or the voucher's.
    """
    if not may_approve(work.actor):
        raise NotAllowedError
    hold_box(work, count_by_ref(work.session, ref).count.account_code)
    view = count_by_ref(work.session, ref)
    if is_present(work, view.count.counted_by):
        raise OwnCountError
    if amount_minor <= 0:
        raise AmountNotPositiveError
    short = view.count.difference_minor < 0
    if (how in _SHORT) is not short or amount_minor > view.left_minor:
        raise CountSettledError
    if how is CountEnd.GIVEN_UP:
        return {"voucher": _give_up(work, view.count, amount_minor).ref}
    return {"settlement": _settle(work, view.count, how, amount_minor).ref}


def _settle(work: Work, count: CashCount, how: CountEnd, amount_minor: int) -> CountSettlement:
    made = CountSettlement(
        ref=new_ref(),
        count_id=count.id,
        amount_minor=amount_minor,
        how=how,
        happened_on=cleared_on(work.session, count.counted_on, work.clock.today()),
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(made)
    work.session.flush()
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.RECEIPT if how is CountEnd.KEPT else EntryKind.TRANSFER,
            happened_on=made.happened_on,
            source=Source(COUNT_SETTLEMENT, made.id),
            legs=_legs(count.account_code, how, amount_minor),
        ),
    )
    log(work, "count_difference_settled", object_type="cash_count", object_id=count.id)
    return made


def _legs(box: str, how: CountEnd, amount_minor: int) -> tuple[NewLeg, NewLeg]:
    if how is CountEnd.FOUND:
        return debit(box, amount_minor), credit(_WAITS, amount_minor)
    takes = AccountCode.OTHER_INCOME if how is CountEnd.KEPT else box
    return debit(_WAITS, amount_minor), credit(takes, amount_minor)


def _give_up(work: Work, count: CashCount, amount_minor: int) -> Voucher:
    return prepare_voucher(
        work,
        NewVoucher(
            fund=FundCode.GENERAL,
            money_account=_WAITS,
            spend_account=AccountCode.CASH_DIFFERENCES,
            payee_person_id=count.counted_by,
            amount_minor=amount_minor,
            source=Source(COUNT_GIVEN_UP, count.id),
        ),
    )
