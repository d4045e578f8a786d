"""What a voucher asks for and how many hands it needs; plain values only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from union.ledger.rules.entries import Source

APPROVALS_NEEDED = 2


@dataclass(frozen=True, slots=True)
class NewVoucher:
    """Money to be paid to one person, from one fund, for one purpose.

    ``spend_account`` is what it is spent on (an account the fund allows), ``money_account``
    where it is taken from, ``source`` what it is for (a claim's instalment, a bill): one live
    voucher for each. ``note`` says on what evidence, in words, kept under the payee's key.
    """

    fund: str
    money_account: str
    spend_account: str
    payee_person_id: int
    amount_minor: int
    source: Source
    note: str | None = None


class VoucherState(StrEnum):
    """Where a voucher stands, from what is written about it."""

    WAITING = "waiting"
    APPROVED = "approved"
    ON_ITS_WAY = "on_its_way"
    PAID = "paid"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


def voucher_state(
    *,
    approvals: int,
    paid: bool,
    withdrawn: bool,
    returned: bool = False,
    on_its_way: bool = False,
) -> VoucherState:
    """The state that the facts amount to.

    ``approvals`` are those of different people, ``returned``: the payment itself was taken back,
    ``on_its_way``: it lies in a file that the bank has.
    """
    if withdrawn:
        return VoucherState.WITHDRAWN
    if paid:
        return VoucherState.RETURNED if returned else VoucherState.PAID
    if on_its_way:
        return VoucherState.ON_ITS_WAY
    return VoucherState.APPROVED if approvals >= APPROVALS_NEEDED else VoucherState.WAITING


def approvals_missing(approvals: int) -> int:
    """How many more people must approve."""
    return max(0, APPROVALS_NEEDED - approvals)


def may_be_approved_by(
    person_id: int | None, *, payee_person_id: int, approved_by: Collection[int]
) -> bool:
    """Whether this person's approval would count: a person, not the payee, not a second time."""
    return person_id is not None and person_id != payee_person_id and person_id not in approved_by
