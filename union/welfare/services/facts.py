"""What welfare does when it hears of a fact. Each may hear it twice and acts once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.ledger.models import Voucher
from union.welfare.models import Claim
from union.welfare.queries import payment_reversed
from union.welfare.rules import ClaimState
from union.welfare.services.claims import say
from union.welfare.services.decisions import SOURCE, free_of_voucher

if TYPE_CHECKING:
    from union.infra.work import Work


def mark_claim_paid(work: Work, ids: Mapping[str, int]) -> None:
    """``voucher_paid``: the money is hers; a voucher of somebody else's business is let pass."""
    claim = _claim_of(work, ids["voucher_id"])
    if claim is None or claim.state != ClaimState.VOUCHER or payment_reversed(work, claim):
        return
    claim.state = ClaimState.PAID.value
    claim.paid_at = work.clock.now()
    work.session.flush()
    say(work, "benefit_paid", claim)


def open_paid_again(work: Work, ids: Mapping[str, int]) -> None:
    """``payment_reversed``: the money is not hers after all; it is to be paid anew.

    Her claim waits until its voucher is withdrawn, and then for another one.
    """
    claim = _claim_of(work, ids["voucher_id"])
    if claim is None or claim.state != ClaimState.PAID or not payment_reversed(work, claim):
        return
    claim.state, claim.paid_at = ClaimState.VOUCHER.value, None
    work.session.flush()
    say(work, "benefit_payment_reversed", claim)


def take_back_payment(work: Work, ids: Mapping[str, int]) -> None:
    """``voucher_withdrawn``: the claim stays granted and waits for another voucher.

    Only a payment that was reversed leaves a voucher to withdraw, so a paid claim goes back too.
    """
    open_paid_again(work, ids)
    claim = _claim_of(work, ids["voucher_id"])
    if claim is None or claim.state != ClaimState.VOUCHER:
        return
    free_of_voucher(work, claim)
    say(work, "benefit_voucher_withdrawn", claim)


def _claim_of(work: Work, voucher_id: int) -> Claim | None:
    voucher = work.session.get(Voucher, voucher_id)
    if voucher is None or voucher.source_kind != SOURCE:
        return None
    return work.session.scalar(
        select(Claim)
        .where(Claim.voucher_id == voucher_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
