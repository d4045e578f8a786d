from __future__ import annotations

import pytest

from union.kernel.actor import Actor, Grant, Role
from union.ledger.policy import may_approve, may_pay, may_read_words, may_withdraw
from union.ledger.rules.vouchers import (
    VoucherState,
    approvals_missing,
    may_be_approved_by,
    voucher_state,
)


@pytest.mark.parametrize(
    ("approvals", "paid", "withdrawn", "state"),
    [
        (0, False, False, VoucherState.WAITING),
        (1, False, False, VoucherState.WAITING),
        (2, False, False, VoucherState.APPROVED),
        (3, False, False, VoucherState.APPROVED),
        (2, True, False, VoucherState.PAID),
        (2, False, True, VoucherState.WITHDRAWN),
    ],
)
def test_where_a_voucher_stands(approvals, paid, withdrawn, state):
    assert voucher_state(approvals=approvals, paid=paid, withdrawn=withdrawn) is state


def test_a_payment_that_was_taken_back_leaves_its_voucher_to_be_withdrawn():
    facts = {"approvals": 2, "paid": True, "returned": True}
    assert voucher_state(**facts, withdrawn=False) is VoucherState.RETURNED
    assert voucher_state(**facts, withdrawn=True) is VoucherState.WITHDRAWN


def test_how_many_hands_are_missing():
    assert [approvals_missing(count) for count in range(4)] == [2, 1, 0, 0]


@pytest.mark.parametrize(("person", "may"), [(None, False), (1, False), (2, False), (3, True)])
def test_whose_approval_counts(person, may):
    assert may_be_approved_by(person, payee_person_id=1, approved_by={2}) is may


@pytest.mark.parametrize(
    ("role", "approve", "pay", "withdraw", "words"),
    [
        (Role.TREASURER, True, True, True, True),
        (Role.SIGNATORY, True, False, True, True),
        (Role.TRUSTEE, False, False, False, False),
        (Role.OPERATOR, False, False, False, False),
    ],
)
def test_what_each_may_do(role, approve, pay, withdraw, words):
    actor = Actor(1, 1, frozenset({Grant(role)}))
    assert (may_approve(actor), may_pay(actor)) == (approve, pay)
    assert (may_withdraw(actor), may_read_words(actor)) == (withdraw, words)


def test_a_process_signs_nothing_and_may_only_take_back():
    process = Actor.system("test")
    assert not may_approve(process)
    assert not may_pay(process)
    assert may_withdraw(process)
    assert not may_withdraw(Actor.anonymous())
